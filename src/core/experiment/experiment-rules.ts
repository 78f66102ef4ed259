import type { Config } from '../config/schema.ts';
import type { DocumentPath } from '../prompt/document.ts';
import { promptNameProblem } from '../prompt/name.ts';
import { type ExperimentFile, mostVariants } from './definition.ts';

interface Problem {
  readonly message: string;
  readonly path: DocumentPath;
}

/** Above it the product with a 32-bit hash would not fit. */
const mostWeight = 2 ** 31;

/** What is wrong between values that are right one by one. */
export const findRuleProblems = (file: ExperimentFile): Problem[] => [
  ...promptProblems(file),
  ...variantProblems(file),
  ...file.metrics.flatMap((metric, at) => metricProblems(metric, ['metrics', at])),
  ...pairedProblems(file),
  ...repeated(file.metrics.map(metricKey), 'metrics'),
  ...repeated(
    file.guardrails.map(({ metric }) => metric),
    'guardrails',
    'metric',
  ),
  ...stateProblems(file),
];

const promptProblems = ({ prompt }: ExperimentFile): Problem[] => {
  const reason = promptNameProblem(prompt);
  return reason === null ? [] : [{ message: `is no name of a prompt: ${reason}`, path: ['prompt'] }];
};

const variantProblems = ({ variants }: ExperimentFile): Problem[] => {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  return [
    ...(variants.length < 2 || variants.length > mostVariants
      ? [{ message: `must have 2 to ${mostVariants} entries, not ${variants.length}`, path: ['variants'] }]
      : []),
    ...(total > mostWeight
      ? [{ message: `must have weights that add up to at most ${mostWeight}`, path: ['variants'] }]
      : []),
    ...repeated(
      variants.map(({ name }) => name),
      'variants',
      'name',
    ),
  ];
};

type Metric = Config['abtest']['metrics'][number];

/** The same metric may be there as a mean and as a quantile. */
const metricKey = ({ name, kind, quantile, denominator }: Metric): string =>
  [name, ...[kind, quantile, denominator].filter((part) => part !== null)].join(' ');

const metricProblems = ({ kind, quantile, denominator }: Metric, path: DocumentPath): Problem[] => {
  const problems: Problem[] = [];
  if ((kind === 'quantile') !== (quantile !== null))
    problems.push({ message: 'belongs to kind "quantile", which needs it', path: [...path, 'quantile'] });
  if ((kind === 'ratio') !== (denominator !== null))
    problems.push({ message: 'belongs to kind "ratio", which needs it', path: [...path, 'denominator'] });
  return problems;
};

/** A quantile of differences is no difference of quantiles, and the cases of both variants are not independent. */
const pairedProblems = ({ design, metrics }: ExperimentFile): Problem[] =>
  metrics.flatMap(({ name, kind }, at) =>
    design === 'paired' && kind === 'quantile'
      ? [
          {
            message: `"quantile" of ${name} cannot be compared within a case: use "mean", or design "units"`,
            path: ['metrics', at, 'kind'],
          },
        ]
      : [],
  );

const repeated = (names: readonly string[], list: string, key?: string): Problem[] =>
  names.flatMap((name, at) =>
    names.indexOf(name) < at
      ? [{ message: `"${name}" is there twice`, path: [list, at, ...(key === undefined ? [] : [key])] }]
      : [],
  );

/** What only the tool writes must fit together. */
const stateProblems = (file: ExperimentFile): Problem[] => {
  const { state, salt, startedAt, endedAt, phases, decision } = file;
  const isStarted = startedAt !== null && phases.length > 0;
  const problems: Problem[] = [];
  if (isStarted && salt === null) problems.push({ message: 'is missing', path: ['salt'] });
  if (state === 'running' && !isStarted)
    problems.push({
      message: 'is "running", and nothing says since when: use promptv abtest start',
      path: ['state'],
    });
  if ((state === 'running' || state === 'draft') && (endedAt !== null || decision !== null))
    problems.push({ message: `is "${state}", and the file says how it ended`, path: ['state'] });
  if ((state === 'stopped' || state === 'concluded') && endedAt === null)
    problems.push({
      message: `is "${state}", and "endedAt" is missing: use promptv abtest stop`,
      path: ['state'],
    });
  if (state === 'concluded' && decision?.winner === undefined)
    problems.push({ message: 'is "concluded", and "decision" names no winner', path: ['state'] });
  return [...problems, ...phaseProblems(file), ...winnerProblems(file)];
};

const winnerProblems = ({ decision, variants }: ExperimentFile): Problem[] =>
  !decision || decision.winner === null || variants.some(({ name }) => name === decision.winner)
    ? []
    : [{ message: `"${decision.winner}" is no variant`, path: ['decision', 'winner'] }];

/** A variant that is renamed, added, moved or given another version while it runs would change what units get. */
const phaseProblems = ({ phases, variants }: ExperimentFile): Problem[] => {
  const names = variants.map(({ name }) => name).join(' ');
  return phases.flatMap(({ weights, versions }, at) => [
    ...(Object.keys(weights).join(' ') === names
      ? []
      : [{ message: 'must have the variants in their order', path: ['phases', at, 'weights'] }]),
    ...(variants.every(({ name, version }) => versions[name] === version)
      ? []
      : [{ message: `are not those of "variants": ${startAnother}`, path: ['phases', at, 'versions'] }]),
  ]);
};

const startAnother = 'a test that was started keeps its versions; stop it and create another';
