import type {
  Experiment,
  ExperimentMetric,
  Guardrail,
  MinimumEffect,
} from '../../core/experiment/definition.ts';
import type { AbtestShowResult } from '../../operations/abtest/show.ts';
import type { Display } from '../display.ts';
import { createPaint, type Paint } from '../paint.ts';
import { formatSpan } from '../span.ts';
import { type Cell, type Column, formatTable } from '../table.ts';
import { joinLines, sanitize, sanitizeLine } from '../text.ts';
import { formatTime } from '../time.ts';
import { paintCondition } from './condition.ts';
import { formatSplit } from './split.ts';

/** One experiment: what is compared, what it is judged by, how it stands and how it ended. */
export const formatAbtestShow = (result: AbtestShowResult, display: Display): string => {
  const paint = createPaint(display);
  const { experiment, condition } = result;
  const title = `${paint.strong(sanitizeLine(experiment.id))}  ${paintCondition(condition, paint)(condition)}  ${sanitizeLine(experiment.prompt)} in ${sanitizeLine(experiment.environment)}`;
  const facts = [...definitionFacts(experiment), ...lifeFacts(result, display)];
  return joinLines(
    [
      title,
      experiment.hypothesis === null ? null : sanitize(experiment.hypothesis.trim()),
      formatSplit(experiment, display),
      formatFacts(facts, display, paint),
      formatDecision(experiment, display, paint),
    ],
    '\n\n',
  );
};

type Fact = readonly [key: string, value: string];

const columns: readonly Column[] = [{ title: 'key' }, { title: 'value', shrinksTo: 20 }];

const formatFacts = (facts: readonly Fact[], display: Display, paint: Paint): string => {
  const rows = facts.map(([key, value]): Cell[] => [{ text: key, paint: paint.dim }, value]);
  return formatTable(columns, rows, display, { header: false, indent: 2 });
};

const definitionFacts = (experiment: Experiment): Fact[] => {
  const { alpha, power, plannedN, maxDurationMs, unit, design, minUnits, mde, autoStop } = experiment;
  return [
    ...experiment.metrics.map((metric): Fact => ['metric', describeMetric(metric)]),
    ...experiment.guardrails.map((guardrail): Fact => ['guardrail', describeGuardrail(guardrail)]),
    [
      'error rates',
      `alpha ${alpha}, power ${power}${mde === null ? '' : `, least effect ${describeEffect(mde)}`}`,
    ],
    [
      'planned',
      `${plannedN === null ? 'no number of units' : `${plannedN} units a variant`}, ${formatSpan(maxDurationMs)}`,
    ],
    ['units', `${unit}, ${design}; tests from ${minUnits.show}, a verdict from ${minUnits.recommend}`],
    ...(autoStop ? [['auto-stop', 'abtest tick stops it'] satisfies Fact] : []),
  ];
};

const describeMetric = ({
  name,
  kind,
  direction,
  weight,
  target,
  quantile,
  denominator,
}: ExperimentMetric): string => {
  const of = {
    mean: 'mean',
    rate: 'rate',
    ratio: `per ${denominator}`,
    quantile: `p${(quantile ?? 0) * 100}`,
  }[kind];
  const ends = [weight === null ? '' : `, weight ${weight}`, target === null ? '' : `, target ${target}`];
  return `${name} (${of}), ${direction} is better${ends.join('')}`;
};

const describeGuardrail = ({ metric, bound: { kind, by } }: Guardrail): string =>
  `${metric} at most ${by > 0 ? '+' : ''}${kind === 'relative' ? `${round(by * 100)} % of control` : by}`;

const describeEffect = ({ value, relative }: MinimumEffect): string =>
  relative ? `${round(value * 100)} % of control` : `${value}`;

const round = (value: number): number => Number(value.toPrecision(12));

const lifeFacts = ({ experiment, expiresAt, path }: AbtestShowResult, display: Display): Fact[] => {
  const { startAt, startedAt, endedAt, phases } = experiment;
  const moments: [string, string | null][] = [
    ['not before', startedAt === null ? startAt : null],
    ['started', startedAt],
    ['time is over', endedAt === null ? expiresAt : null],
    ['ended', endedAt],
  ];
  return [
    ...moments.flatMap(([key, moment]): Fact[] =>
      moment === null ? [] : [[key, formatTime(moment, display)]],
    ),
    ...(phases.length > 1 ? phases.map((phase, at) => describePhase(phase, at, display)) : []),
    ['file', path],
  ];
};

const describePhase = (
  { startedAt, weights }: Experiment['phases'][number],
  at: number,
  display: Display,
): Fact => {
  const shares = Object.entries(weights).map(([name, weight]) => `${name} ${weight}`);
  return [`phase ${at + 1}`, `${formatTime(startedAt, display)}: ${shares.join(', ')}`];
};

const formatDecision = ({ decision }: Experiment, display: Display, paint: Paint): string | null => {
  if (decision === null) return null;
  const { winner, verdict, sentence, at, by, reason } = decision;
  const end = winner === null ? 'Stopped without a winner' : `${paint.good(sanitizeLine(winner))} wins`;
  return joinLines([
    `${end} (${verdict}), ${formatTime(at, display)} by ${sanitizeLine(by)}`,
    `  ${sanitize(sentence)}`,
    reason === null ? null : `  Reason: ${sanitizeLine(reason)}`,
  ]);
};
