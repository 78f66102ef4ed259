import * as v from 'valibot';
import { parseDurationMs } from '../config/duration.ts';
import type { Config } from '../config/schema.ts';
import { findShapeProblems } from '../config/shape-problems.ts';
import type { DocumentPath } from '../prompt/document.ts';
import { parseBound, parseEffect } from './amounts.ts';
import {
  type Experiment,
  type ExperimentFile,
  type ExperimentMetric,
  experimentFileSchema,
} from './definition.ts';
import { findRuleProblems } from './experiment-rules.ts';

/** Something wrong in an experiment's file. */
export interface ExperimentProblem {
  readonly message: string;
  readonly path: DocumentPath;
}

/** What an experiment takes from the configuration where its file is silent. */
export interface ExperimentDefaults {
  readonly abtest: Config['abtest'];
  /** The environment that counts as production. */
  readonly environment: string;
}

/** The experiment that a file's data say, or everything that is wrong with them. Never throws. */
export const parseExperiment = (
  data: unknown,
  { id, defaults }: { readonly id: string; readonly defaults: ExperimentDefaults },
): { readonly experiment: Experiment | null; readonly problems: readonly ExperimentProblem[] } => {
  const shape = findShapeProblems(experimentFileSchema, data);
  const result = v.safeParse(experimentFileSchema, data);
  const issues = (result.issues ?? []).map(toProblem);
  const found = [
    ...shape,
    ...issues.filter(({ path }) => !shape.some((other) => isWithin(path, other.path))),
  ];
  if (!result.success || found.length > 0) return { experiment: null, problems: found };
  const { metrics } = result.output;
  const problems = findRuleProblems({
    ...result.output,
    metrics: metrics.length > 0 ? metrics : [...defaults.abtest.metrics],
  });
  const [control, ...others] = result.output.variants;
  const [second, ...more] = others;
  if (problems.length > 0 || !control || !second) return { experiment: null, problems };
  return {
    experiment: { ...complete(result.output, id, defaults), variants: [control, second, ...more] },
    problems,
  };
};

const toProblem = (issue: v.BaseIssue<unknown>): ExperimentProblem => ({
  message: issue.received === 'undefined' ? 'is missing' : issue.message,
  path: (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key))),
});

const isWithin = (path: DocumentPath, outer: DocumentPath): boolean =>
  outer.every((part, at) => path[at] === part);

const complete = (
  file: ExperimentFile,
  id: string,
  { abtest, environment }: ExperimentDefaults,
): Omit<Experiment, 'variants'> => {
  const { maxDuration, variants: _, mde, minUnits, metrics, guardrails, startAt, ...rest } = file;
  return {
    ...rest,
    id,
    salt: file.salt === null ? null : `${id}-${file.salt}`,
    environment: file.environment ?? environment,
    unit: file.unit ?? abtest.unit,
    metrics: (metrics.length > 0 ? metrics : abtest.metrics).map(completeMetric),
    guardrails: guardrails.map(({ metric, bound }) => ({ metric, bound: parseBound(bound) })),
    mde: mde === null ? null : parseEffect(mde),
    alpha: file.alpha ?? abtest.alpha,
    power: file.power ?? abtest.power,
    maxDurationMs: parseDurationMs(maxDuration ?? abtest.maxDuration),
    minUnits: {
      show: minUnits.show ?? abtest.minUnits.show,
      recommend: minUnits.recommend ?? abtest.minUnits.recommend,
    },
    startAt: startAt === null ? null : new Date(startAt).toISOString(),
    autoStop: file.autoStop ?? abtest.autoStop,
  };
};

const rates: ReadonlySet<string> = new Set(['error_rate', 'success_rate']);

const completeMetric = (metric: Config['abtest']['metrics'][number]): ExperimentMetric => ({
  ...metric,
  kind: metric.kind ?? (rates.has(metric.name) ? 'rate' : 'mean'),
});
