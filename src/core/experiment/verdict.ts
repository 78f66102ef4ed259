import type { Analysis } from './analysis.ts';
import type { Experiment, Verdict } from './definition.ts';
import type { GuardrailResult } from './guardrails.ts';
import { labelMetric, type MetricResult } from './metric-results.ts';
import type { ScoreResult } from './score.ts';

/** What an experiment says, as far as it can be said. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The variant to go on with; null where nothing is decided, or where it makes no difference. */
  readonly winner: string | null;
  /** What the sentence names: variants, metrics, guardrails that led to the verdict. */
  readonly because: Because;
}

interface Because {
  readonly better: readonly MetricResult[];
  readonly worse: readonly MetricResult[];
  readonly score: ScoreResult | null;
  /** Guardrails that are still open. */
  readonly open: readonly GuardrailResult[];
  /** Guardrails that failed. */
  readonly failed: readonly GuardrailResult[];
  /** Variants of which nothing else is said: those whose weighted score is lower, or that nothing is certain of. */
  readonly others: readonly string[];
  /** Metrics whose values are missing unevenly. */
  readonly uneven: readonly string[];
}

const nothing: Because = {
  better: [],
  worse: [],
  score: null,
  open: [],
  failed: [],
  others: [],
  uneven: [],
};

/** The verdicts that stand: more data, or a person's look, is not asked for. */
const standing: ReadonlySet<Verdict> = new Set(['reject', 'ship', 'keep-control', 'equivalent']);

/** Whether a decision stands. */
export const isStanding = (verdict: Verdict): boolean => standing.has(verdict);

type JudgedExperiment = Pick<Experiment, 'minUnits' | 'state'>;

/** What one variant shows against control. */
interface VariantCase {
  readonly variant: string;
  readonly better: readonly MetricResult[];
  readonly worse: readonly MetricResult[];
  readonly rows: readonly MetricResult[];
  readonly score: ScoreResult | null;
  readonly failed: Because['failed'];
  readonly open: Because['open'];
  readonly uneven: readonly string[];
  readonly standing: 'ahead' | 'behind' | 'mixed' | 'level';
}

/** Judges an analysis: the first that holds of the verdicts in their order. */
export const judgeExperiment = (analysis: Analysis, experiment: JudgedExperiment): Judgement => {
  const decide = (verdict: Verdict, winner: string | null, because: Partial<Because> = {}): Judgement => ({
    verdict,
    winner,
    because: { ...nothing, ...because },
  });
  const { validity, progress } = analysis;
  if (validity.sampleRatio?.ok === false || !validity.crossed.ok) return decide('invalid', null);
  const least = experiment.minUnits.recommend;
  const control = analysis.variants[0]?.name ?? null;
  const cases = analysis.variants.slice(1).map(({ name }) => readCase(analysis, name, least));
  const isTestable = cases.some(({ rows, score }) => rows.some(({ p }) => p !== null) || score?.p != null);
  if (progress.unitsPerVariant < least || !isTestable) return decide('insufficient', null);
  const alive = cases.filter(({ failed }) => failed.length === 0);
  const failed = cases.flatMap((one) => one.failed);
  if (alive.length === 0) return decide('reject', control, { failed });
  const best = pickBest(alive.filter(canShip));
  if (best !== null) return decide('ship', best.variant, best);
  if (alive.every(({ standing, uneven }) => standing === 'behind' && uneven.length === 0))
    return decide('keep-control', control, {
      worse: alive.flatMap(({ worse }) => worse),
      failed,
      others: alive.flatMap(({ variant, worse }) => (worse.length === 0 ? [variant] : [])),
    });
  const isOver =
    progress.isPlanReached ||
    progress.isTimeOver ||
    experiment.state === 'stopped' ||
    experiment.state === 'concluded';
  const unclear = alive.find((one) => needsReview(one, isOver));
  if (unclear !== undefined) return decide('review', null, unclear);
  if (alive.every(({ rows, uneven }) => isLevel(rows) && uneven.length === 0))
    return decide('equivalent', null, { failed });
  const waiting = alive.find(({ standing }) => standing === 'ahead');
  return decide(isOver ? 'no-decision' : 'continue', null, waiting ?? describeUndecided(alive, failed));
};

const describeUndecided = (alive: readonly VariantCase[], failed: Because['failed']): Partial<Because> => ({
  better: alive.flatMap(({ better }) => better),
  worse: alive.flatMap(({ worse }) => worse),
  failed,
  others: alive.flatMap(({ variant, standing }) => (standing === 'level' ? [variant] : [])),
});

const readCase = (analysis: Analysis, variant: string, least: number): VariantCase => {
  const rows = analysis.metrics.filter(
    (row) => row.isPrimary && row.variant === variant && Math.min(row.control.n, row.treatment.n) >= least,
  );
  const guardrails = analysis.guardrails.filter((one) => one.variant === variant);
  const score = analysis.score.find((one) => one.variant === variant) ?? null;
  const better = rows.filter(({ outcome }) => outcome === 'better');
  const worse = rows.filter(({ outcome }) => outcome === 'worse');
  return {
    variant,
    better,
    worse,
    rows,
    score,
    failed: guardrails.filter(({ outcome }) => outcome === 'fail'),
    open: guardrails.filter(({ outcome }) => outcome === 'inconclusive'),
    uneven: analysis.validity.missing.flatMap(({ ok, metric }) => (ok ? [] : [metric])),
    standing: score === null ? standByMetrics(better, worse) : standByScore(score, analysis.alpha),
  };
};

const standByMetrics = (
  better: readonly MetricResult[],
  worse: readonly MetricResult[],
): VariantCase['standing'] => {
  if (better.length > 0) return worse.length > 0 ? 'mixed' : 'ahead';
  return worse.length > 0 ? 'behind' : 'level';
};

/** Where weights say what a gain here is worth there, the score decides, not a count of metrics. */
const standByScore = ({ pAdjusted, difference }: ScoreResult, alpha: number): VariantCase['standing'] => {
  if (pAdjusted === null || difference === null || pAdjusted > alpha || difference === 0) return 'level';
  return difference > 0 ? 'ahead' : 'behind';
};

const canShip = ({ standing, open, uneven }: VariantCase): boolean =>
  standing === 'ahead' && open.length === 0 && uneven.length === 0;

/** Of several the one with the highest score, else with the largest effect on the first metric in which it is better. */
const pickBest = (cases: readonly VariantCase[]): VariantCase | null => {
  const gainOf = ({ score, better }: VariantCase): number =>
    score?.difference ?? Math.abs(better[0]?.relative ?? better[0]?.absolute ?? 0);
  return cases.toSorted((a, b) => gainOf(b) - gainOf(a))[0] ?? null;
};

const needsReview = ({ standing, open, uneven }: VariantCase, isOver: boolean): boolean => {
  if (standing === 'mixed' || (standing !== 'level' && uneven.length > 0)) return true;
  return isOver && standing === 'ahead' && open.length > 0;
};

const isLevel = (rows: readonly MetricResult[]): boolean =>
  rows.length > 0 && rows.every(({ outcome }) => outcome === 'equivalent');

/** The names of metrics, once each. */
export const nameMetrics = (rows: readonly MetricResult[]): string[] => [...new Set(rows.map(labelMetric))];
