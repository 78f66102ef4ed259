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

/** The gate `lint`: the version's text, with the partials it is pinned to, has no error by the rules of today. */
export const lintGate = (
  { prompt, version }: CheckedVersion,
  errors: readonly { readonly ruleId: string; readonly message: string }[],
): Gate => {
  const [first] = errors;
  if (first === undefined) return gate('lint', 'pass', `no error in ${version}`);
  const more = errors.length > 1 ? ` and ${errors.length - 1} more` : '';
  return gate('lint', 'fail', `${version}: ${first.message} (${first.ruleId})${more}`, [
    `promptv lint ${prompt}@${version}`,
  ]);
};

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

/** The newest run of the tests of a content: cases there were, and how those that ran ended. */
export interface TestResults {
  readonly cases: number;
  readonly passed: number;
  /** Names of those that failed, or could not be run to their end. */
  readonly failed: readonly string[];
}

/** The gate `tests`: the newest run of `promptv test` on this very content passed. Nothing is run for it. */
export const testsGate = (
  { prompt, version }: CheckedVersion,
  testedFor: string | null,
  results: TestResults | null,
): Gate => {
  const command = `promptv test ${prompt}@${version}${testedFor === null ? '' : ` --env ${testedFor}`}`;
  if (results === null)
    return gate('tests', 'fail', `no test of this content of ${version} is recorded`, [command]);
  const { cases, passed, failed } = results;
  const count = `${passed} of ${cases} tests passed`;
  if (failed.length > 0) return gate('tests', 'fail', `${count}; failed: ${failed.join(', ')}`, [command]);
  return gate('tests', passed > 0 ? 'pass' : 'fail', count, passed > 0 ? [] : [command]);
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
