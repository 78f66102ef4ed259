import { type AlertRule, isRateName } from './alert-rules.ts';
import { compareErrorRates, compareFigures, type ErrorCounts, type MetricComparison } from './judge.ts';
import type { MetricFigures } from './source.ts';

/** Quantiles that figures must have, in this order. */
export const alertPercentiles = [0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** What is known of some records: who failed, and the figures of each metric, with `alertPercentiles`. */
export interface AlertFigures {
  readonly errorCounts: ErrorCounts;
  readonly metrics: Readonly<Record<string, MetricFigures>>;
}

export interface Alert {
  readonly type: 'threshold' | 'rise' | 'budget' | 'approval';
  /** The name of the rule. */
  readonly name: string;
  /** Null for all prompts together. */
  readonly prompt: string | null;
  /** Null where the records name none, or for all of them. */
  readonly environment: string | null;
  readonly metric: string;
  readonly statistic: string;
  readonly value: number;
  readonly threshold: number;
  readonly bound: 'min' | 'max';
  readonly severity: 'warning' | 'critical';
}

/** A rule that could not be judged for want of values. */
export interface UnjudgedAlert {
  readonly name: string;
  readonly prompt: string | null;
  readonly environment: string | null;
  readonly metric: string;
  readonly values: number;
  readonly needed: number;
}

/** Where a rule is applied. */
export interface AlertScope {
  readonly prompt: string | null;
  readonly environment: string | null;
}

export type AlertOutcome =
  | { readonly kind: 'passed' }
  /** Only a built-in rule asks for it, and nobody records the metric there, or there is nothing to compare with. */
  | { readonly kind: 'unmeasured' }
  | { readonly kind: 'fired'; readonly alert: Alert }
  | { readonly kind: 'insufficient'; readonly unjudged: UnjudgedAlert };

/** Judges one rule in one place; `before` are the records that a rise is measured against. */
export const evaluateAlert = (
  rule: AlertRule,
  scope: AlertScope,
  { now, before }: { readonly now: AlertFigures; readonly before: AlertFigures | null },
): AlertOutcome => {
  const values = countOf(rule.metric, now);
  const earlier = before === null ? 0 : countOf(rule.metric, before);
  const isUnmeasured = values === 0 && !isRateName(rule.metric);
  const isFirst = rule.against !== null && earlier < rule.minRecords;
  if (rule.isBuiltIn && (isUnmeasured || isFirst)) return { kind: 'unmeasured' };
  const least = rule.against === null ? values : Math.min(values, earlier);
  if (least < rule.minRecords) return insufficient(rule, scope, least);
  const value = rule.against === null ? statisticOf(rule, now) : riseOf(rule.metric, before ?? now, now);
  if (value === null) return insufficient(rule, scope, least);
  const crossed = crossedBound(rule, value);
  if (crossed === null) return { kind: 'passed' };
  const { name, metric, statistic, severity } = rule;
  const type = rule.against === null ? 'threshold' : 'rise';
  return { kind: 'fired', alert: { type, name, ...scope, metric, statistic, value, ...crossed, severity } };
};

const insufficient = (rule: AlertRule, scope: AlertScope, values: number): AlertOutcome => ({
  kind: 'insufficient',
  unjudged: { name: rule.name, ...scope, metric: rule.metric, values, needed: rule.minRecords },
});

const figuresOf = (metric: string, { metrics }: AlertFigures): MetricFigures | undefined =>
  Object.hasOwn(metrics, metric) ? metrics[metric] : undefined;

const countOf = (metric: string, figures: AlertFigures): number =>
  isRateName(metric) ? figures.errorCounts.n : (figuresOf(metric, figures)?.count ?? 0);

const statisticOf = ({ metric, statistic }: AlertRule, figures: AlertFigures): number | null => {
  const { x, n } = figures.errorCounts;
  if (isRateName(metric)) return n === 0 ? null : metric === 'error_rate' ? x / n : (n - x) / n;
  const found = figuresOf(metric, figures);
  if (found === undefined) return null;
  const percentile = /^p(\d+)$/.exec(statistic)?.[1];
  if (percentile === undefined) return simpleValue(found, statistic);
  return (
    found.quantiles[alertPercentiles.findIndex((share) => Math.round(share * 100) === Number(percentile))] ??
    null
  );
};

const simpleValue = (figures: MetricFigures, statistic: AlertRule['statistic']): number | null => {
  if (statistic === 'sum') return figures.sum;
  if (statistic === 'sd') return figures.sd;
  if (statistic === 'min') return figures.min;
  return statistic === 'max' ? figures.max : figures.mean;
};

/**
 * The relative change of the mean or rate; 0 where it may be chance. From a rate of 0 any rise beyond chance is
 * counted from one event in as many records.
 */
const riseOf = (metric: string, before: AlertFigures, now: AlertFigures): number | null => {
  const compared = compareFor(metric, before, now);
  if (compared === null || compared.verdict === 'insufficient') return null;
  if (compared.verdict === 'no difference') return 0;
  if (compared.relativeChange !== null) return compared.relativeChange;
  return compared.change === null ? null : compared.change * compared.a.count;
};

const compareFor = (metric: string, before: AlertFigures, now: AlertFigures): MetricComparison | null => {
  const options = { metric, direction: 'lower', alpha: 0.05 } as const;
  if (isRateName(metric)) {
    const rates = [before, now].map(({ errorCounts: { x, n, missing } }) =>
      metric === 'error_rate' ? { x, n, missing } : { x: n - x, n, missing },
    );
    return rates[0] && rates[1] ? compareErrorRates(rates[0], rates[1], options) : null;
  }
  const [a, b] = [figuresOf(metric, before), figuresOf(metric, now)];
  return a && b ? compareFigures(a, b, options) : null;
};

const crossedBound = ({ min, max }: AlertRule, value: number): Pick<Alert, 'bound' | 'threshold'> | null => {
  if (max !== null && value > max) return { bound: 'max', threshold: max };
  return min !== null && value < min ? { bound: 'min', threshold: min } : null;
};
