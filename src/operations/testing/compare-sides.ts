import { directionOf } from '../../core/metrics/names.ts';
import { comparePaired, type PairedMetric } from '../../core/testing/compare-pairs.ts';
import { promptvError } from '../../errors.ts';
import { type ResolvedPrompt, resolveRef } from '../resolve-ref.ts';
import type { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import type { FinishedCase } from './record-results.ts';
import type { CaseRun, PlannedCase } from './run-case.ts';

/** Two texts of a prompt on the same cases: `a` is what was compared with, `b` what was tested. */
export interface Comparison {
  readonly prompt: string;
  readonly a: string;
  readonly b: string;
  readonly environment: string | null;
  readonly model: string | null;
  readonly metrics: readonly PairedMetric[];
}

/**
 * The same cases for the texts to compare with: a selector such as `production` means it of every prompt that is
 * tested, a whole reference of the one.
 * @throws REF_INVALID, as `resolveRef`
 */
export const planOtherSide = async (
  workspace: Workspace,
  versions: Versions,
  planned: readonly PlannedCase[],
  compare: string | undefined,
): Promise<PlannedCase[]> => {
  if (compare === undefined) return [];
  const names = [...new Set(planned.map(({ prompt }) => prompt.name))];
  const others = new Map<string, ResolvedPrompt>();
  for (const name of names) {
    const ref = compare.includes('@') ? compare : `${name}@${compare}`;
    const other = await resolveRef(workspace, versions, { ref, otherwise: 'latest' });
    if (other.name !== name)
      throw promptvError('REF_INVALID', { ref: compare, reason: `${name} can be compared only with itself` });
    others.set(name, other);
  }
  return planned.flatMap((each) => {
    const prompt = others.get(each.prompt.name);
    // Snapshots are of the text that is tested: the other may differ.
    const snapshots = { path: each.snapshots.path, check: () => null, save: async () => false };
    return prompt === undefined ? [] : [{ ...each, prompt, snapshots }];
  });
};

const figures: readonly (readonly [metric: string, figureOf: (run: CaseRun) => number | null])[] = [
  ['passed', ({ outcome }) => (outcome === 'passed' ? 1 : outcome === 'failed' ? 0 : null)],
  ['latency_ms', ({ latencyMs }) => latencyMs],
  ['output_tokens', ({ outputTokens }) => outputTokens],
  ['cost_usd', ({ costUsd }) => costUsd],
  ['similarity', ({ similarity }) => similarity],
];

/** Compares both sides case by case, for each prompt and target; metrics that neither side has are left out. */
export const compareRuns = (
  workspace: Workspace,
  own: readonly FinishedCase[],
  others: readonly FinishedCase[],
): Comparison[] => {
  if (others.length === 0) return [];
  const groups = new Map<string, [FinishedCase, FinishedCase][]>();
  for (const [index, b] of own.entries()) {
    const a = others[index];
    const key = `${b.planned.prompt.name}\n${b.planned.target.label}`;
    if (a !== undefined) groups.set(key, [...(groups.get(key) ?? []), [a, b]]);
  }
  return [...groups.values()].flatMap((pairs) => {
    const [first] = pairs;
    if (first === undefined) return [];
    const [{ planned: a }, { planned: b }] = first;
    const { environment, model } = b.target;
    const metrics = figures.flatMap(([metric, figureOf]) => {
      const values = pairs.map(([one, other]) => [figureOf(one.run), figureOf(other.run)] as const);
      if (values.every(([x, y]) => x === null && y === null)) return [];
      return [comparePaired(metric, directionOf(metric, workspace.config.metrics.directions), values)];
    });
    return [{ prompt: b.prompt.name, a: a.prompt.label, b: b.prompt.label, environment, model, metrics }];
  });
};
