import type { QueryAnswer, QueryOutcome } from '../prometheus/answer.ts';
import type { AskedQuery, GateCheck, QueryGate } from './record.ts';

/** A query as it was asked and answered. */
export interface AnsweredQuery {
  readonly query: string;
  readonly answer: QueryAnswer;
}

/** So many checks in a row that end in an error pause a rollout. */
export const mostQueryErrors = 5;

/**
 * Judges a gate by what a server answered: a number within the bound passes, one beyond it fails, and anything that is
 * no number is never a pass. `stable` is null where the candidate is looked at alone.
 */
export const judgeQueryGate = (
  gate: QueryGate,
  { candidate, stable }: { readonly candidate: AnsweredQuery; readonly stable: AnsweredQuery | null },
): GateCheck => {
  const queries = [asked('candidate', candidate), ...(stable === null ? [] : [asked('stable', stable)])];
  const base = {
    gate: gate.name,
    source: gate.source,
    stable: stable && { n: 0, value: stable.answer.value },
    candidate: { n: 0, value: candidate.answer.value },
    interval: null,
    bound: gate.bound,
    queries,
  };
  const failed = queries.filter(({ outcome }) => outcome !== 'value');
  if (failed.length > 0) {
    const verdict = failed.every(({ outcome }) => isAbsence(outcome)) ? 'no-data' : 'error';
    return { ...base, verdict, value: null, detail: failed.map(describe).join('; ') };
  }
  const value = measure(candidate.answer.value, stable?.answer.value ?? null, gate);
  if (value === null)
    return {
      ...base,
      verdict: 'inconclusive',
      value,
      detail: 'the stable value is 0, so there is no share of it',
    };
  const isKept = gate.operator === '<=' ? value <= gate.bound : value >= gate.bound;
  return { ...base, verdict: isKept ? 'pass' : 'fail', value, detail: null };
};

/** A check of a gate that could not be asked for, because the rollout changed meanwhile. */
export const unaskedCheck = ({ name, source, bound }: QueryGate): GateCheck => ({
  gate: name,
  source,
  verdict: 'inconclusive',
  stable: null,
  candidate: null,
  value: null,
  interval: null,
  bound,
  detail: 'the rollout changed while its queries were asked',
  queries: [],
});

/** Nothing was measured; everything else that is no value is an error. */
const isAbsence = (outcome: QueryOutcome): boolean => outcome === 'no-series' || outcome === 'nan';

const asked = (of: AskedQuery['of'], { query, answer }: AnsweredQuery): AskedQuery => ({
  of,
  query,
  ...answer,
});

const describe = ({ of, outcome, detail }: AskedQuery): string =>
  `${of}: ${outcome}${detail === null ? '' : ` (${detail})`}`;

const measure = (candidate: number | null, stable: number | null, { kind }: QueryGate): number | null => {
  if (candidate === null || kind === 'absolute') return candidate;
  if (stable === null) return null;
  if (candidate === stable) return 0;
  const share = (candidate - stable) / Math.abs(stable);
  return Number.isFinite(share) ? share : null;
};
