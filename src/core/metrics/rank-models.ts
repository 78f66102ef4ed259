import type { Moments } from '../stats/moments.ts';
import { adjustPValues } from '../stats/multiplicity.ts';
import { compareRates } from '../stats/proportions.ts';
import { compareMeans } from '../stats/welch.ts';
import type { GroupKey, GroupSummary } from './source.ts';

/** What a model can be best at. */
type Ranking = 'fastest' | 'cheapest' | 'best' | 'mostReliable';

/** The first of some models in one respect; `model` is null when none is ahead by more than noise. */
export interface ModelRank {
  readonly model: string | null;
  /** Its mean latency in ms, mean cost in US dollars, mean quality or success rate. */
  readonly value: number | null;
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

const alpha = 0.05;

/** Names the models ahead by more than noise, in each group of the other fields: two-sided tests at 5 % after Holm. */
export const rankModels = (groups: readonly GroupSummary[]): ModelRanking[] => {
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
    fastest: rank(meansOf(models, 'latency_ms'), 'lower', compareMetric('latency_ms')),
    cheapest: rank(meansOf(models, 'cost_usd'), 'lower', compareMetric('cost_usd')),
    best: rank(meansOf(models, 'quality'), 'higher', compareMetric('quality')),
    mostReliable: rank(ratesOf(models), 'higher', compareErrors),
  }));
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
    const value = 1 - group.errors / group.records;
    return typeof model === 'string' && group.records > 0 ? [{ model, value, group }] : [];
  });

const compareMetric =
  (metric: string): Test =>
  (first, other) =>
    compareMeans(momentsOf(first, metric), momentsOf(other, metric)).p;

const momentsOf = (group: GroupSummary, metric: string): Moments => {
  const figures = group.metrics[metric];
  return { n: figures?.count ?? 0, mean: figures?.mean ?? 0, M2: figures?.m2 ?? 0 };
};

const compareErrors: Test = (first, other) =>
  compareRates({ x: first.errors, n: first.records }, { x: other.errors, n: other.records }).pFisher;

const nobody = { model: null, value: null, over: null, overValue: null, p: null };

const rank = (candidates: readonly Candidate[], better: 'higher' | 'lower', test: Test): ModelRank => {
  const sign = better === 'higher' ? -1 : 1;
  const [first, second, ...others] = candidates.toSorted((a, b) => sign * (a.value - b.value));
  if (first === undefined) return { ...nobody, reason: 'insufficient-data' };
  if (second === undefined) return { ...nobody, reason: 'one-model' };
  const pValues = [second, ...others].map(({ group }) => test(first.group, group));
  const tested = adjustPValues(pValues).holm.filter((p) => p !== null);
  if (tested.length < pValues.length) return { ...nobody, reason: 'insufficient-data' };
  const p = Math.max(...tested);
  if (p >= alpha) return { ...nobody, p, reason: 'no-difference' };
  const { model, value } = first;
  return { model, value, over: second.model, overValue: second.value, p, reason: null };
};
