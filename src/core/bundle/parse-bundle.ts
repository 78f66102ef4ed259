import * as v from 'valibot';
import { promptvError } from '../../errors.ts';
import { dataProblems, isRecord, maxDataDepth } from '../prompt/data-rules.ts';
import type { DocumentPath } from '../prompt/document.ts';
import { promptNameProblem, segmentNameProblem } from '../prompt/name.ts';
import { formatPath } from '../prompt/problem.ts';
import { servedExperimentSchema } from '../serving/served-experiment.ts';
import { servedRolloutSchema } from '../serving/served-rollout.ts';
import { parseVersion } from '../version/version.ts';
import { bundleIntegrity } from './format-bundle.ts';
import { type Bundle, bundledPointerSchema, bundledVersionSchema, bundleSchema } from './schema.ts';

/** A document stands four levels deep in a bundle. */
const maxDepth = maxDataDepth + 4;

/**
 * The bundle that a JSON text holds; its digest is not compared. `place` names it in errors.
 * @throws BUNDLE_INVALID with every problem of its shape
 */
export const parseBundle = (text: string, place: string): Bundle => {
  const data = parseJson(text, place);
  // Endless nesting would exhaust every later walk.
  const deep = dataProblems(data, maxDepth).map(({ path, message }) => describe(path, message));
  const problems = deep.length > 0 ? deep : shapeProblems(data);
  if (isBundle(data, problems)) return data;
  throw invalidBundle(place, problems);
};

/** The bundle of a JSON text, as it was written. @throws BUNDLE_INVALID also when the digest does not fit */
export const parseIntactBundle = (text: string, place: string): Bundle => {
  const bundle = parseBundle(text, place);
  if (bundleIntegrity(bundle) === bundle.integrity) return bundle;
  throw invalidBundle(place, ['its content does not have the digest under "integrity": it was changed']);
};

/** `BUNDLE_INVALID` with the first problem in its message and all of them in the details. */
export const invalidBundle = (place: string, problems: readonly string[]) =>
  promptvError('BUNDLE_INVALID', { path: place, reason: problems[0] ?? '', problems });

const isBundle = (_data: unknown, problems: readonly string[]): _data is Bundle => problems.length === 0;

const parseJson = (text: string, place: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidBundle(place, [`it is not JSON (${error instanceof Error ? error.message : error})`]);
  }
};

/** Valibot takes lists for mappings and passes over keys such as `constructor`, so the mappings are walked here. */
const shapeProblems = (data: unknown): string[] => {
  if (!isRecord(data)) return ['it must be a mapping'];
  const { environments, experiments = {}, rollouts = {}, prompts } = data;
  return [
    ...itemProblems(headSchema, data, []),
    ...mappingProblems(environments, ['environments'], segmentNameProblem, (running, path) =>
      mappingProblems(running, path, promptNameProblem, (pointer, at) =>
        itemProblems(bundledPointerSchema, pointer, at),
      ),
    ),
    ...mappingProblems(experiments, ['experiments'], segmentNameProblem, (tested, path) =>
      mappingProblems(tested, path, promptNameProblem, (experiment, at) =>
        itemProblems(servedExperimentSchema, experiment, at),
      ),
    ),
    ...mappingProblems(rollouts, ['rollouts'], segmentNameProblem, (rolled, path) =>
      mappingProblems(rolled, path, promptNameProblem, (rollout, at) =>
        itemProblems(servedRolloutSchema, rollout, at),
      ),
    ),
    ...mappingProblems(prompts, ['prompts'], promptNameProblem, (versions, path) =>
      mappingProblems(versions, path, versionProblem, (version, at) =>
        itemProblems(bundledVersionSchema, version, at),
      ),
    ),
  ];
};

const { environments: _e, experiments: _x, rollouts: _r, prompts: _p, ...headEntries } = bundleSchema.entries;
const headSchema = v.object(headEntries);

const versionProblem = (key: string): string | null =>
  parseVersion(key) === null ? 'it is no semantic version' : null;

const mappingProblems = (
  value: unknown,
  path: DocumentPath,
  keyProblem: (key: string) => string | null,
  check: (member: unknown, path: DocumentPath) => string[],
): string[] => {
  if (!isRecord(value)) return [describe(path, 'must be a mapping')];
  return Object.entries(value).flatMap(([key, member]) => {
    const problem = keyProblem(key);
    return problem === null
      ? check(member, [...path, key])
      : [describe(path, `${JSON.stringify(key)} is no key here: ${problem}`)];
  });
};

const itemProblems = (schema: v.GenericSchema, value: unknown, path: DocumentPath): string[] => {
  const { issues = [] } = v.safeParse(schema, value);
  return issues.map((issue) => describe([...path, ...pathOf(issue)], issue.message));
};

const pathOf = (issue: v.BaseIssue<unknown>): DocumentPath =>
  (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));

const describe = (path: DocumentPath, message: string): string => `${formatPath(path)}: ${message}`;
