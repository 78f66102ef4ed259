import type { Analysis } from './analysis.ts';
import { labelMetric, type MetricResult } from './metric-results.ts';
import { type Judgement, nameMetrics } from './verdict.ts';

/** A verdict in one sentence for people, made of the figures that it rests on. */
export const describeVerdict = (judgement: Judgement, analysis: Analysis): string => {
  const { verdict, because } = judgement;
  const { progress } = analysis;
  const control = analysis.variants[0]?.name ?? 'control';
  const count = formatWhole(progress.unitsPerVariant);
  switch (verdict) {
    case 'invalid':
      return describeInvalid(analysis);
    case 'insufficient':
      return describeInsufficient(analysis);
    case 'reject':
      return `Keep ${control}: ${listGuardrails(because.guardrails)} after ${count} units a variant.`;
    case 'ship':
      return describeShip(judgement, analysis);
    case 'keep-control':
      return `Keep ${control}: ${because.worse.length > 0 ? listEffects(because.worse) : 'the weighted score of every other variant is lower'}.`;
    case 'review':
      return `Look closer: ${describeReview(judgement)}.`;
    case 'equivalent':
      return `The variants do not differ by as much as the least effect worth finding, after ${count} units a variant.`;
    case 'continue':
      return `Go on: ${describeWaiting(judgement)} after ${count} units a variant${describeNeed(analysis)}.`;
    case 'no-decision':
      return `No decision: ${progress.isPlanReached ? 'the planned number of units is reached' : 'the time is over'}, and after ${count} units a variant no difference is certain.`;
  }
};

const describeShip = (judgement: Judgement, { guardrails }: Analysis): string => {
  const { worse } = judgement.because;
  const loss = worse.length === 0 ? '' : `; ${listEffects(worse)} weighs less`;
  const held = guardrails.length === 0 ? '' : '; every guardrail holds';
  return `Ship ${judgement.winner}: ${describeGain(judgement)}${loss}${held}.`;
};

const describeInvalid = ({ validity, variants }: Analysis): string => {
  const { sampleRatio, crossed } = validity;
  const unseen = variants.filter(({ units, weight }) => units === 0 && weight > 0).map(({ name }) => name);
  if (unseen.length > 0)
    return `This test is broken: ${unseen.join(' and ')} was never seen; check that it is served and recorded.`;
  if (sampleRatio?.ok === false) {
    const shares = variants.map(
      ({ name }, at) =>
        `${name} ${formatWhole(sampleRatio.observed[at] ?? 0)} (expected ${formatWhole(Math.round(sampleRatio.expected[at] ?? 0))})`,
    );
    return `This test is broken: the split is not the configured one, ${shares.join(', ')}; find the cause before believing any figure.`;
  }
  return `This test is broken: ${formatWhole(crossed.units)} units (${formatPercent(crossed.share)}) met more than one variant; make the assignment sticky and start again.`;
};

const describeInsufficient = ({ progress, metrics, variants }: Analysis): string => {
  const empty = variants.filter(({ units }) => units === 0).map(({ name }) => name);
  if (empty.length === variants.length) return 'Not enough data: nothing was observed yet.';
  if (empty.length > 0)
    return `Not enough data: ${empty.join(' and ')} was never seen; check that it is served and recorded.`;
  const { moreUnits, unitsPerVariant } = progress;
  const reasons = metrics.filter(({ isPrimary, reason }) => isPrimary && reason === 'zero-variance');
  if (reasons.length > 0)
    return `Not enough data: every value of ${nameMetrics(reasons).join(' and ')} is the same, so nothing can be tested.`;
  const need = moreUnits === null ? '' : `; about ${formatWhole(moreUnits)} more are needed`;
  return `Not enough data: ${formatWhole(unitsPerVariant)} units in the smallest variant${need}.`;
};

const listGuardrails = (guardrails: Judgement['because']['guardrails']): string =>
  guardrails.map(({ metric, variant }) => `${variant} breaks the guardrail on ${metric}`).join(', ');

const describeGain = ({ because: { better, score }, winner }: Judgement): string => {
  if (better.length > 0) return listEffects(better);
  return score === null
    ? `${winner} is better`
    : `its weighted score is ${formatDecimal(score.difference ?? 0)} standard deviations higher`;
};

/** `quality +4.2 % [+1.1 %, +7.3 %] in treatment`. */
const listEffects = (rows: readonly MetricResult[]): string =>
  rows.map((row) => `${labelMetric(row)} ${describeChange(row)} in ${row.variant}`).join(', ');

const describeChange = ({ relative, relativeInterval, absolute, interval, kind }: MetricResult): string => {
  if (kind === 'rate') return describeRange(absolute, interval, formatPoints);
  if (relative !== null && relativeInterval !== null)
    return describeRange(relative, relativeInterval, formatPercent);
  return describeRange(absolute, interval, formatDecimal);
};

const describeRange = (
  value: number | null,
  interval: readonly [number, number] | null,
  format: (value: number) => string,
): string => {
  const shown = signed(value ?? 0, format);
  return interval === null
    ? shown
    : `${shown} [${signed(interval[0], format)}, ${signed(interval[1], format)}]`;
};

const describeReview = ({ because: { better, worse, guardrails, uneven } }: Judgement): string => {
  if (better.length > 0 && worse.length > 0)
    return `${listEffects(better)}, but ${listEffects(worse)}; weigh them (--metric NAME:DIRECTION:WEIGHT) or decide yourself`;
  if (uneven.length > 0)
    return `values of ${uneven.join(' and ')} are missing in one variant more than in another, so what remains is not comparable`;
  return `${listEffects(better)}, but the guardrail on ${guardrails.map(({ metric }) => metric).join(' and ')} is still open`;
};

const describeWaiting = ({ because: { better, score, guardrails } }: Judgement): string => {
  const [open] = guardrails;
  if (open === undefined) return 'no difference is certain';
  const gain = better.length > 0 ? listEffects(better) : `the weighted score is higher in ${score?.variant}`;
  return `${gain}, but the guardrail on ${guardrails.map(({ metric }) => metric).join(' and ')} is still open`;
};

const describeNeed = ({ progress: { moreUnits, moreDays, plannedN } }: Analysis): string => {
  if (moreUnits === null || moreUnits === 0) return '';
  const goal = plannedN === null ? '' : ' to the planned number';
  const time =
    moreDays === null
      ? ''
      : `, ${moreDays < 1 ? 'less than a day' : `about ${formatWhole(Math.ceil(moreDays))} days`} at the present traffic`;
  return `; about ${formatWhole(moreUnits)} more${goal}${time}`;
};

const formatWhole = (value: number): string => value.toLocaleString('en-US');
const formatDecimal = (value: number): string => String(Number(value.toPrecision(3)));
const formatPercent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;
const formatPoints = (share: number): string => `${Number((share * 100).toPrecision(2))} pp`;
const signed = (value: number, format: (value: number) => string): string =>
  value > 0 ? `+${format(value)}` : format(value);
