import {
  alertsGate,
  type CheckedVersion,
  emptyCheckGate,
  lintGate,
  regressionGate,
  testsGate,
} from '../core/environment/check-gates.ts';
import type { Gate } from '../core/environment/gates.ts';
import { resolveAlerts } from '../core/metrics/alert-rules.ts';
import { evaluateAlert } from '../core/metrics/alerts.ts';
import { appliesTo } from '../core/metrics/applies-to.ts';
import type { MetricsSource } from '../core/metrics/source.ts';
import { lintVersion } from './lint/lint-version.ts';
import { readAllFigures } from './metrics/alert-figures.ts';
import { inEnvironment } from './metrics/filter.ts';
import { withLog } from './metrics/open.ts';
import { judgeSides } from './metrics/regress.ts';
import { filterOf, versionSide } from './metrics/sides.ts';
import type { CheckRequest } from './required-checks.ts';
import { readTestResults } from './testing/read-results.ts';
import type { Workspace } from './workspace.ts';

/**
 * The gates of an environment's `requires`, judged by the metrics log: by the records that the version has in the
 * environment it comes from, or in all where it may come from anywhere.
 */
export const checkGates = async (workspace: Workspace, request: CheckRequest): Promise<Gate[]> => {
  const { environment, prompt, version } = request;
  const checked: CheckedVersion = { prompt, version, environment: environment.from };
  return withLog(workspace, {}, async ({ source }) => {
    const gates: Gate[] = [];
    for (const name of environment.requires)
      gates.push(await runCheck(workspace, source, { ...request, checked, name }));
    return gates;
  });
};

interface NamedCheck extends CheckRequest {
  readonly checked: CheckedVersion;
  readonly name: string;
}

const runCheck = async (
  workspace: Workspace,
  source: MetricsSource,
  { checked, name, environment, previousVersion, contentHash }: NamedCheck,
): Promise<Gate> => {
  const { prompt, version } = checked;
  if (name === 'lint') return lintGate(checked, await lintVersion(workspace, checked));
  if (name === 'tests') {
    // Without a provider of its own an environment takes any run for its own.
    const testedFor =
      environment.test.provider === null && environment.test.model === null ? null : environment.name;
    return testsGate(checked, testedFor, await readTestResults(source, { prompt, contentHash, testedFor }));
  }
  const where = inEnvironment(checked.environment);
  const current = versionSide(version);
  const now = await readAllFigures(source, filterOf(current, { prompt, where }));
  if (now === null) return emptyCheckGate(name, checked, (await source.coverage()).records > 0);
  if (name === 'alerts') {
    const scope = { prompt, environment: environment.name };
    const outcomes = resolveAlerts(workspace.config.alerts)
      .filter((rule) => rule.against === null && appliesTo(rule, scope))
      .map((rule) => evaluateAlert(rule, scope, { now, before: null }));
    return alertsGate(checked, {
      alerts: outcomes.flatMap((one) => (one.kind === 'fired' ? [one.alert] : [])),
      insufficient: outcomes.flatMap((one) => (one.kind === 'insufficient' ? [one.unjudged] : [])),
      passed: outcomes.filter(({ kind }) => kind === 'passed').length,
    });
  }
  if (previousVersion === null) return regressionGate(checked, null, null);
  const baseline = versionSide(previousVersion);
  return regressionGate(
    checked,
    previousVersion,
    await judgeSides(workspace, source, { prompt, where, baseline, current, settings: {} }),
  );
};
