import {
  compareErrorRates,
  compareFigures,
  countErrors,
  errorRate,
  type JudgeOptions,
  type MetricComparison,
  mergeFigures,
} from './judge.ts';
import { figuresIn, type GroupSummary } from './source.ts';

/** A bucket in which another version came to run, compared with the one before. */
export interface VersionChange {
  readonly bucket: string;
  readonly version: string;
  readonly previousVersion: string;
  /** `appears`: its first records; `takes over`: it runs most again, as after a rollback, or for the first time. */
  readonly kind: 'appears' | 'takes over';
  readonly comparison: MetricComparison;
}

interface ChangePoint extends Omit<VersionChange, 'comparison'> {
  /** Position of the bucket. */
  readonly at: number;
}

/** The records of one version in one bucket. */
interface VersionRun {
  readonly version: string;
  readonly at: number;
  readonly group: GroupSummary;
}

/** A version takes over in a bucket with at least this share of its records, so that an even split takes nothing over. */
const leastShare = 2 / 3;

/**
 * Where the running version changed, from groups by `version` and bucket. Each change compares the records from the
 * change before to the change after, so that a version that came back is judged by what it did since.
 */
export const findVersionChanges = (
  groups: readonly GroupSummary[],
  buckets: readonly string[],
  { bucketOf, ...options }: JudgeOptions & { readonly bucketOf: (group: GroupSummary) => string },
): VersionChange[] => {
  const places = new Map(buckets.map((name, at) => [name, at]));
  const runs = groups.flatMap((group): VersionRun[] => {
    const at = places.get(bucketOf(group));
    const { version } = group.key;
    return typeof version === 'string' && at !== undefined ? [{ version, at, group }] : [];
  });
  const points = findPoints(runs, buckets);
  return points.map(({ at, ...point }, index) => {
    const [from, to] = [points[index - 1]?.at ?? 0, points[index + 1]?.at ?? buckets.length];
    const groupsOf = (version: string, first: number, last: number): GroupSummary[] =>
      runs
        .filter((run) => run.version === version && run.at >= first && run.at <= last)
        .map(({ group }) => group);
    // A bucket in which the next change falls still has records of the version, but is no more one of those before it.
    const [a, b] = [groupsOf(point.previousVersion, from, to - 1), groupsOf(point.version, at, to)];
    const comparison = compareGroups(a, b, options);
    return { ...point, comparison };
  });
};

const compareGroups = (
  a: readonly GroupSummary[],
  b: readonly GroupSummary[],
  options: JudgeOptions,
): MetricComparison => {
  if (options.metric === errorRate) return compareErrorRates(countErrors(...a), countErrors(...b), options);
  const [figuresA, figuresB] = [a, b].map((side) =>
    mergeFigures(side.map((group) => figuresIn(group, options.metric))),
  );
  return compareFigures(figuresA ?? mergeFigures([]), figuresB ?? mergeFigures([]), options);
};

const findPoints = (runs: readonly VersionRun[], buckets: readonly string[]): ChangePoint[] => {
  const seen = new Map<string, number>();
  const points: ChangePoint[] = [];
  let running: string | null = null;
  for (const [at, bucket] of buckets.entries()) {
    const here = runs.filter((run) => run.at === at).sort((a, b) => a.group.firstTs - b.group.firstTs);
    for (const { version } of here) {
      if (seen.has(version)) continue;
      const previousVersion: string | null = running ?? [...seen.keys()].at(-1) ?? null;
      seen.set(version, at);
      if (previousVersion !== null) points.push({ at, bucket, version, previousVersion, kind: 'appears' });
    }
    const leading = findLeading(here);
    if (leading === null || leading === running) continue;
    const isNew = (seen.get(leading) ?? 0) >= at - 1;
    if (running !== null && !isNew)
      points.push({ at, bucket, version: leading, previousVersion: running, kind: 'takes over' });
    running = leading;
  }
  return points;
};

const findLeading = (runs: readonly VersionRun[]): string | null => {
  const all = runs.reduce((sum, { group }) => sum + group.records, 0);
  return runs.find(({ group }) => group.records >= leastShare * all)?.version ?? null;
};
