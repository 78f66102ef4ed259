import { compareRanks } from '../stats/mann-whitney.ts';
import type { Moments } from '../stats/moments.ts';
import { adjustPValues } from '../stats/multiplicity.ts';
import { compareRates } from '../stats/proportions.ts';
import { compareMeans } from '../stats/welch.ts';
import { countErrors, leastValues } from './judge.ts';
import type { GroupKey, GroupSummary } from './source.ts';

/** What a model can be best at. */
type Ranking = 'fastest' | 'cheapest' | 'best' | 'mostReliable';

/** The first of some models in one respect; `model` is null when none is ahead by more than noise. */
export interface ModelRank {
  readonly model: string | null;
  /** Its median latency in ms, mean cost in US dollars, mean quality or success rate. */
  readonly value: number | null;
  readonly statistic: 'median' | 'mean' | 'rate';
  readonly test: 'mann-whitney' | 'welch' | 'fisher';
  /** The next model and its value. */
  readonly over: string | null;
  readonly overValue: number | null;
  /** Of the difference to the model that is hardest to tell apart, corrected for the number of models (Holm). */
  readonly p: number | null;
  /** Why no model is named. */
  readonly reason: 'one-model' | 'insufficient-data' | 'no-difference' | null;
}

/** The models of one group of records: `key` has the other fields that were grouped by. */
export interface ModelRanking extends Readonly<Record<Ranking, ModelRank>> {
  readonly key: GroupKey;
}

interface Candidate {
  readonly model: string;
  readonly value: number;
  readonly group: GroupSummary;
}

type Test = (first: GroupSummary, other: GroupSummary) => number | null;

/** The latencies of a group, or as many as are drawn of them: a few slow calls decide a mean, so ranks are compared. */
export interface LatencySample {
  readonly median: number | null;
  readonly values: readonly number[];
}

interface Judging {
  readonly better: 'higher' | 'lower';
  readonly statistic: ModelRank['statistic'];
  readonly test: ModelRank['test'];
  readonly run: Test;
}

const alpha = 0.05;

/** Names the models ahead by more than noise, in each group of the other fields: two-sided tests at 5 % after Holm. */
export const rankModels = (
  groups: readonly GroupSummary[],
  latencies: ReadonlyMap<GroupSummary, LatencySample>,
): ModelRanking[] => {
  const byRest = new Map<string, { key: GroupKey; groups: GroupSummary[] }>();
  for (const group of groups) {
    const { model: _, ...key } = group.key;
    const id = JSON.stringify(key);
    const found = byRest.get(id) ?? { key, groups: [] };
    byRest.set(id, found);
    found.groups.push(group);
  }
  return [...byRest.values()].map(({ key, groups: models }) => ({
    key,
    fastest: rank(mediansOf(models, latencies), {
      better: 'lower',
      statistic: 'median',
      test: 'mann-whitney',
      run: compareLatencies(latencies),
    }),
    cheapest: rank(meansOf(models, 'cost_usd'), byMean('cost_usd', 'lower')),
    best: rank(meansOf(models, 'quality'), byMean('quality', 'higher')),
    mostReliable: rank(ratesOf(models), {
      better: 'higher',
      statistic: 'rate',
      test: 'fisher',
      run: compareErrors,
    }),
  }));
};

const byMean = (metric: string, better: Judging['better']): Judging => ({
  better,
  statistic: 'mean',
  test: 'welch',
  run: compareMetric(metric),
});

const mediansOf = (
  groups: readonly GroupSummary[],
  latencies: ReadonlyMap<GroupSummary, LatencySample>,
): Candidate[] =>
  groups.flatMap((group) => {
    const { model } = group.key;
    const median = latencies.get(group)?.median ?? null;
    return typeof model === 'string' && median !== null ? [{ model, value: median, group }] : [];
  });

/** A difference of ranks against that of the medians proves nothing. */
const compareLatencies =
  (latencies: ReadonlyMap<GroupSummary, LatencySample>): Test =>
  (first, other) => {
    const [a, b] = [latencies.get(first)?.values ?? [], latencies.get(other)?.values ?? []];
    if (Math.min(a.length, b.length) < leastValues) return null;
    const { p, cles } = compareRanks(a, b);
    return p !== null && cles !== null && cles < 0.5 ? 1 : p;
  };

const meansOf = (groups: readonly GroupSummary[], metric: string): Candidate[] =>
  groups.flatMap((group) => {
    const { model } = group.key;
    const mean = group.metrics[metric]?.mean ?? null;
    return typeof model === 'string' && mean !== null ? [{ model, value: mean, group }] : [];
  });

const ratesOf = (groups: readonly GroupSummary[]): Candidate[] =>
  groups.flatMap((group) => {
    const { model } = group.key;
    const { x, n } = countErrors(group);
    return typeof model === 'string' && n > 0 ? [{ model, value: (n - x) / n, group }] : [];
  });

const compareMetric =
  (metric: string): Test =>
  (first, other) =>
    compareMeans(momentsOf(first, metric), momentsOf(other, metric)).p;

const momentsOf = (group: GroupSummary, metric: string): Moments => {
  const figures = group.metrics[metric];
  return { n: figures?.count ?? 0, mean: figures?.mean ?? 0, M2: figures?.m2 ?? 0 };
};

const compareErrors: Test = (first, other) => compareRates(countErrors(first), countErrors(other)).pFisher;

const rank = (candidates: readonly Candidate[], { better, statistic, test, run }: Judging): ModelRank => {
  const nobody = { model: null, value: null, statistic, test, over: null, overValue: null, p: null };
  const sign = better === 'higher' ? -1 : 1;
  const [first, second, ...others] = candidates.toSorted((a, b) => sign * (a.value - b.value));
  if (first === undefined) return { ...nobody, reason: 'insufficient-data' };
  if (second === undefined) return { ...nobody, reason: 'one-model' };
  const pValues = [second, ...others].map(({ group }) => run(first.group, group));
  const tested = adjustPValues(pValues).holm.filter((p) => p !== null);
  if (tested.length < pValues.length) return { ...nobody, reason: 'insufficient-data' };
  const p = Math.max(...tested);
  if (p >= alpha) return { ...nobody, p, reason: 'no-difference' };
  const { model, value } = first;
  return { ...nobody, model, value, over: second.model, overValue: second.value, p, reason: null };
};
