import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../../src/core/config/resolve-config.ts';
import { type AlertRule, resolveAlerts } from '../../../../src/core/metrics/alert-rules.ts';
import { type AlertFigures, evaluateAlert } from '../../../../src/core/metrics/alerts.ts';

const scope = { prompt: 'p', environment: 'production' };

/** Records with a latency: quantiles are p25, p50, p75, p95, p99. */
const runs = (n: number, errors: number, mean = 100, p95 = 200): AlertFigures => ({
  errorCounts: { x: errors, n, missing: 0 },
  metrics: {
    latency_ms: {
      count: n,
      missing: 0,
      sum: n * mean,
      mean,
      m2: n * 100,
      sd: 10,
      min: 1,
      max: 999,
      quantiles: [50, mean, 150, p95, 900],
      reason: null,
    },
  },
});

const rulesOf = (alerts: object): Map<string, AlertRule> => {
  const { config, problems } = resolveConfig({ alerts });
  expect(problems).toEqual([]);
  return new Map(resolveAlerts(config?.alerts ?? {}).map((rule) => [rule.name, rule]));
};

const judge = (name: string, now: AlertFigures, before: AlertFigures | null = null, alerts: object = {}) => {
  const rule = rulesOf(alerts).get(name);
  if (rule === undefined) throw new Error(`no rule ${name}`);
  return evaluateAlert(rule, scope, { now, before });
};

describe('a built-in alert', () => {
  it.each([
    ['success-rate', runs(100, 5), null, 'passed'],
    ['success-rate', runs(100, 6), null, 'fired'],
    ['error-rate', runs(100, 10), null, 'passed'],
    ['error-rate', runs(100, 11), null, 'fired'],
    ['error-rate', runs(19, 19), null, 'insufficient'],
    ['latency-p95', runs(100, 0, 100, 2001), null, 'fired'],
    ['latency-p95', runs(100, 0, 100, 2000), null, 'passed'],
    ['latency-mean', runs(100, 0, 5001), null, 'fired'],
    ['latency-mean', { ...runs(100, 0), metrics: {} }, null, 'unmeasured'],
    ['error-rate-rise', runs(1000, 60), runs(1000, 20), 'fired'],
    ['error-rate-rise', runs(1000, 25), runs(1000, 20), 'passed'],
    // Twice as many, which may be chance.
    ['error-rate-rise', runs(1000, 4), runs(1000, 2), 'passed'],
    ['error-rate-rise', runs(1000, 30), runs(1000, 0), 'fired'],
    ['error-rate-rise', runs(1000, 30), null, 'unmeasured'],
  ])('%s of %j against %j', (name, now, before, kind) => {
    expect(judge(name, now, before).kind).toBe(kind);
  });

  it('says what fired in the fields of --json', () => {
    expect(judge('error-rate', runs(200, 50))).toEqual({
      kind: 'fired',
      alert: {
        ...scope,
        type: 'threshold',
        name: 'error-rate',
        metric: 'error_rate',
        statistic: 'mean',
        value: 0.25,
        threshold: 0.1,
        bound: 'max',
        severity: 'critical',
      },
    });
  });
});

describe('a configured alert', () => {
  it('changes one value of a built-in one, or switches it off', () => {
    const rules = rulesOf({ 'latency-p95': { max: 300 }, 'error-rate': { enabled: false } });
    expect(rules.get('latency-p95')).toMatchObject({ statistic: 'p95', metric: 'latency_ms', max: 300 });
    expect(rules.has('error-rate')).toBe(false);
  });

  it('takes any metric and statistic, and is insufficient where nobody records it', () => {
    const alerts = {
      slow: { metric: 'latency_ms', statistic: 'max', max: 998, window: '7d', minRecords: 1 },
    };
    expect(judge('slow', runs(1, 0), null, alerts).kind).toBe('fired');
    expect(rulesOf(alerts).get('slow')?.windowMs).toBe(7 * 86_400_000);
    const other = { good: { metric: 'quality', min: 0.5 } };
    expect(judge('good', runs(100, 0), null, other)).toMatchObject({
      kind: 'insufficient',
      unjudged: { name: 'good', values: 0, needed: 20 },
    });
  });

  it.each([
    [{ x: { max: 1 } }, 'alerts.x.metric is missing'],
    [{ x: { metric: 'm' } }, 'alerts.x needs "min" or "max"'],
    [{ x: { metric: 'm', max: 1, statistic: 'p90' } }, 'alerts.x.statistic '],
    [
      { x: { metric: 'm', max: 1, statistic: 'p95', against: 'previous-period' } },
      'alerts.x.statistic must be the mean',
    ],
    [
      { x: { metric: 'm', max: 1, environments: ['nowhere'] } },
      'alerts.x.environments "nowhere" is no environment',
    ],
    [{ 'latency-p95': { maximum: 1 } }, 'alerts.latency-p95.maximum is no key'],
  ])('%j is refused', (alerts, message) => {
    const { problems } = resolveConfig({ alerts });
    expect(problems.map(({ message: said, path }) => `${path.join('.')} ${said}`).join('\n')).toContain(
      message,
    );
  });
});
