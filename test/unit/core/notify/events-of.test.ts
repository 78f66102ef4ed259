import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../../src/core/metrics/alerts.ts';
import { alertEvent, approvalEvent } from '../../../../src/core/notify/events-of.ts';

const at = '2026-03-01T00:00:00.000Z';
const place = { prompt: 'greet', environment: 'production' };
const alert: Alert = {
  ...{ ...place, type: 'threshold', name: 'latency-p95', metric: 'latency_ms', statistic: 'p95' },
  ...{ value: 4255.954, threshold: 2000, bound: 'max', severity: 'warning' },
};

describe('the line of an event', () => {
  it.each([
    [{}, 'latency-p95 of greet in production: latency_ms p95 is 4255.95, above 2000'],
    [
      { type: 'rise', name: 'worse', metric: 'error_rate', statistic: 'mean', value: 1.204, threshold: 0.5 },
      'worse of greet in production: error_rate rose by 120 %, above 50 %',
    ],
    [
      { name: 'low', metric: 'quality', statistic: 'mean', value: 0.5, threshold: 0.8, bound: 'min' },
      'low of greet in production: quality is 0.5, below 0.8',
    ],
  ] as const)('says what an alert found, with its statistic (%#)', (given, text) => {
    expect(alertEvent({ ...alert, ...given }, { at, version: '1.0.0' }).text).toBe(text);
  });

  it.each([
    ['approval.requested', ['boss@example.com'], 'was asked for'],
    ['approval.overdue', [], 'is overdue'],
    ['approval.overdue', ['boss@example.com'], 'is overdue; it goes to boss@example.com'],
  ] as const)('says of %s to %j that it %s', (event, escalateTo, end) => {
    const stage = { ...place, version: '1.0.0', stage: 'review', requestedAt: at, escalateTo };
    expect(approvalEvent(event, stage, { at, by: null }).text).toBe(
      `The approval of greet 1.0.0 for production, stage review, ${end}`,
    );
  });
});
