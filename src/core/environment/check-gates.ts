import type { Alert, UnjudgedAlert } from '../metrics/alerts.ts';
import type { Gate } from './gates.ts';

/** What was promoted where, for the commands that would satisfy a gate. */
export interface CheckedVersion {
  readonly prompt: string;
  readonly version: string;
  /** Where its records come from; null for everywhere. */
  readonly environment: string | null;
}

const gate = (
  name: string,
  verdict: Gate['verdict'],
  detail: string,
  satisfy: readonly string[] = [],
): Gate => ({
  name,
  verdict,
  detail,
  satisfy,
});

const placeOf = ({ version, environment }: CheckedVersion): string =>
  `${version}${environment === null ? '' : ` in ${environment}`}`;

const recordCommand = ({ prompt, version, environment }: CheckedVersion): string =>
  `promptv metrics record ${prompt}@${version}${environment === null ? '' : ` --env ${environment}`} --metric latency_ms=MS`;

/** The gate of a check that found nothing to look at: it never passes. */
export const emptyCheckGate = (name: string, checked: CheckedVersion, hasLog: boolean): Gate =>
  gate(
    name,
    'fail',
    hasLog
      ? `the metrics log has no record of ${placeOf(checked)}`
      : 'there is no metrics log, or it has no record',
    [recordCommand(checked)],
  );

/** The gate `alerts`: no alert may fire on the version's records, and every one must have been judged. */
export const alertsGate = (
  checked: CheckedVersion,
  {
    alerts,
    insufficient,
    passed,
  }: {
    readonly alerts: readonly Alert[];
    readonly insufficient: readonly UnjudgedAlert[];
    readonly passed: number;
  },
): Gate => {
  const fired = alerts.map(
    ({ name, value, threshold }) => `${name} (${round(value)}, allowed ${round(threshold)})`,
  );
  if (fired.length > 0) return gate('alerts', 'fail', `${placeOf(checked)}: ${fired.join(', ')}`);
  const missing = insufficient.map(({ name, values, needed }) => `${name} (${values} of ${needed} values)`);
  if (missing.length > 0 || passed === 0)
    return gate(
      'alerts',
      'fail',
      `too few values to judge ${placeOf(checked)}: ${missing.join(', ') || 'no alert applies'}`,
      [recordCommand(checked)],
    );
  return gate('alerts', 'pass', `${passed} kept by ${placeOf(checked)}`);
};

const round = (value: number): string => String(Number(value.toPrecision(3)));

/** The gate `regression`: against what runs there now, nothing may have got worse; without a baseline it is skipped. */
export const regressionGate = (
  checked: CheckedVersion,
  baseline: string | null,
  judged: {
    readonly verdict: 'regression' | 'no regression' | 'insufficient';
    readonly recommendation: string;
  } | null,
): Gate => {
  if (baseline === null || judged === null)
    return gate('regression', 'skipped', 'nothing runs there to compare with');
  const { prompt, version, environment } = checked;
  const place = environment === null ? '' : ` --env ${environment}`;
  const command = `promptv metrics regress ${prompt} --baseline ${baseline} --current ${version}${place}`;
  return judged.verdict === 'no regression'
    ? gate('regression', 'pass', `nothing got worse than in ${baseline}`)
    : gate('regression', 'fail', judged.recommendation, [command]);
};
