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
      return `Keep ${control}: ${listFailed(because)} after ${count} units a variant.`;
    case 'ship':
      return describeShip(judgement, analysis);
    case 'keep-control':
      return `Keep ${control}: ${describeLoss(because)}.`;
    case 'review':
      return `Look closer: ${describeReview(judgement)}.`;
    case 'equivalent':
      return `The variants do not differ by as much as the least effect worth finding, after ${count} units a variant${because.failed.length === 0 ? '' : `; ${listFailed(because)}`}.`;
    case 'continue':
      return `Go on: ${describeWaiting(judgement, analysis)} after ${count} units a variant${describeNeed(judgement, analysis)}.`;
    case 'no-decision':
      return `No decision: ${describeEnd(progress)}, and after ${count} units a variant ${describeUndecided(judgement, analysis)}.`;
  }
};

const describeEnd = ({ isPlanReached, isTimeOver }: Analysis['progress']): string => {
  if (isPlanReached) return 'the planned number of units is reached';
  return isTimeOver ? 'the time is over' : 'the experiment has ended';
};

/** Says of the winner's guardrails only: another variant may break one. */
const describeShip = (judgement: Judgement, { guardrails }: Analysis): string => {
  const { worse } = judgement.because;
  const loss = worse.length === 0 ? '' : `; ${listEffects(worse)} weighs less`;
  const held = guardrails.some(({ variant }) => variant === judgement.winner) ? '; its guardrails hold' : '';
  return `Ship ${judgement.winner}: ${describeGain(judgement)}${loss}${held}.`;
};

const describeLoss = (because: Judgement['because']): string => {
  const { worse, failed, others } = because;
  const scores = others.map((variant) => `the weighted score of ${variant} is lower`);
  return [
    ...(worse.length === 0 ? [] : [listEffects(worse)]),
    ...scores,
    ...(failed.length === 0 ? [] : [listFailed(because)]),
  ].join(', ');
};

const describeInvalid = ({ validity, variants }: Analysis): string => {
  const { sampleRatio, crossed } = validity;
  const unseen = variants.filter(({ units, weight }) => units === 0 && weight > 0).map(({ name }) => name);
  // A unit in several variants counts in none: a variant that only such units met was seen all the same.
  if (unseen.length > 0 && crossed.units === 0) return `This test is broken: ${describeUnseen(unseen)}.`;
  if (crossed.ok && sampleRatio?.ok === false) {
    const shares = variants.map(
      ({ name }, at) =>
        `${name} ${formatWhole(sampleRatio.observed[at] ?? 0)} (expected ${formatWhole(Math.round(sampleRatio.expected[at] ?? 0))})`,
    );
    return `This test is broken: the split is not the configured one, ${shares.join(', ')}; find the cause before believing any figure.`;
  }
  return `This test is broken: ${formatWhole(crossed.units)} units (${formatPercent(crossed.share)}) met more than one variant; make the assignment sticky and start again.`;
};

const describeUnseen = (names: readonly string[]): string =>
  names.length === 1
    ? `${names[0]} was never seen; check that it is served and recorded`
    : `${names.join(' and ')} were never seen; check that they are served and recorded`;

const describeInsufficient = ({ progress, metrics, variants, validity }: Analysis): string => {
  const empty = variants.filter(({ units }) => units === 0).map(({ name }) => name);
  if (empty.length === variants.length && validity.crossed.units === 0)
    return 'Not enough data: nothing was observed yet.';
  if (empty.length > 0 && validity.crossed.units === 0) return `Not enough data: ${describeUnseen(empty)}.`;
  const primary = metrics.filter(({ isPrimary }) => isPrimary);
  const { moreUnits, unitsPerVariant } = progress;
  if (empty.length === 0 && unitsPerVariant === 0)
    return `Not enough data: no unit of one of the variants has a value of ${nameMetrics(primary).join(' or ')}; check that it is recorded under this name.`;
  const constant = primary.filter(({ reason }) => reason === 'zero-variance');
  if (constant.length > 0)
    return `Not enough data: the values of ${nameMetrics(constant).join(' and ')} do not vary, so nothing can be tested.`;
  const need = moreUnits === null ? '' : `; about ${formatWhole(moreUnits)} more are needed`;
  return `Not enough data: ${formatWhole(unitsPerVariant)} units with a value in the smallest variant${need}.`;
};

const listFailed = ({ failed }: Judgement['because']): string =>
  failed.map(({ metric, variant }) => `${variant} breaks the guardrail on ${metric}`).join(', ');

const listOpen = ({ open }: Judgement['because']): string =>
  `the guardrail on ${open.map(({ metric }) => metric).join(' and ')} is still open`;

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

const describeReview = (judgement: Judgement): string => {
  const { better, worse, uneven, score } = judgement.because;
  if (score === null && better.length > 0 && worse.length > 0)
    return `${listEffects(better)}, but ${listEffects(worse)}; without weights nothing says which counts more, so decide yourself`;
  if (uneven.length > 0)
    return `values of ${uneven.join(' and ')} are missing in one variant more than in another, so what remains is not comparable`;
  return `${describeGain(judgement)}, but ${listOpen(judgement.because)}`;
};

const describeWaiting = (judgement: Judgement, analysis: Analysis): string =>
  judgement.because.open.length === 0
    ? describeUndecided(judgement, analysis)
    : `${describeGain(judgement)}, but ${listOpen(judgement.because)}`;

/** What is certain, and of which variants nothing is that decides. */
const describeUndecided = ({ because }: Judgement, { score }: Analysis): string => {
  const { better, worse, failed, others } = because;
  const rows = [...better, ...worse];
  if (rows.length + failed.length === 0 && score.length === 0) return 'no difference is certain';
  const known = [
    ...(rows.length === 0 ? [] : [listEffects(rows)]),
    ...(failed.length === 0 ? [] : [listFailed(because)]),
  ];
  const what = score.length === 0 ? 'no difference' : 'no difference of the weighted score';
  const open = `${what} is certain${known.length === 0 ? '' : ` of ${others.join(' and ')}`}`;
  return known.length === 0 ? open : `${known.join(', ')}, but ${open}`;
};

/** Of a guardrail that is waited for its own need, else that of the metrics; of a plan what is left of it. */
const describeNeed = ({ because: { open } }: Judgement, { progress }: Analysis): string => {
  const { plannedN, unitsPerDay } = progress;
  const needs = open.map((guardrail) => guardrail.moreUnits);
  const ofGuardrails = needs.includes(null) ? null : Math.max(...needs.filter((need) => need !== null));
  const more = plannedN === null && open.length > 0 ? ofGuardrails : progress.moreUnits;
  if (more === null || more === 0) return '';
  const goal = plannedN === null ? '' : ' to the planned number';
  const days = unitsPerDay === null ? null : Math.ceil(more / unitsPerDay);
  const length = days === 1 ? 'a day at most' : `about ${formatWhole(days ?? 0)} days`;
  const time = days === null ? '' : `, ${length} at the present traffic`;
  return `; about ${formatWhole(more)} more${goal}${time}`;
};

const formatWhole = (value: number): string => value.toLocaleString('en-US');
const formatDecimal = (value: number): string => String(Number(value.toPrecision(3)));
const formatPercent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;
const formatPoints = (share: number): string => `${Number((share * 100).toPrecision(2))} pp`;
const signed = (value: number, format: (value: number) => string): string =>
  value > 0 ? `+${format(value)}` : format(value);
