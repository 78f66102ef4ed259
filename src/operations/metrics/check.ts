import { currentDeployment, previousGood } from '../../core/environment/history.ts';
import { type AlertRule, resolveAlerts } from '../../core/metrics/alert-rules.ts';
import {
  type Alert,
  type AlertFigures,
  type AlertOutcome,
  type AlertScope,
  evaluateAlert,
  type UnjudgedAlert,
} from '../../core/metrics/alerts.ts';
import { appliesTo } from '../../core/metrics/applies-to.ts';
import type { FieldCondition, LogCoverage, MetricsSource } from '../../core/metrics/source.ts';
import { environmentNamed, readAllEnvironmentStates } from '../environments.ts';
import { openState } from '../state-store.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { keyOf, readAlertFigures, readAllFigures } from './alert-figures.ts';
import { checkBudgets } from './budgets.ts';
import { readScope, type ScopeRequest, warnCoverage } from './filter.ts';
import { withLog } from './open.ts';
import { checkApprovals } from './overdue-approvals.ts';

/** Without an environment every one that records name. */
export type MetricsCheckRequest = ScopeRequest;

export interface MetricsCheckResult {
  readonly environment: string | null;
  /** Critical ones first. */
  readonly alerts: readonly Alert[];
  /** Rules without enough values to judge. */
  readonly insufficient: readonly UnjudgedAlert[];
  /** How many rules were judged and kept. */
  readonly passed: number;
  readonly verdict: 'passed' | 'alert' | 'insufficient' | 'no log';
  readonly coverage: LogCoverage;
  readonly warnings: readonly Warning[];
}

/**
 * Judges the alerts of the configuration and the built-in ones against the log.
 * @throws ENVIRONMENT_NOT_FOUND
 */
export const checkMetrics = async (
  workspace: Workspace,
  request: MetricsCheckRequest,
): Promise<MetricsCheckResult> => {
  const environment = request.environment ?? null;
  if (environment !== null) environmentNamed(workspace, environment);
  const where = readScope(request);
  return withLog(workspace, request, async ({ source }) => {
    const coverage = await source.coverage();
    const outcomes =
      coverage.records === 0 ? [] : await judgeRules(workspace, source, { environment, where });
    const budgets = await checkBudgets(workspace, source, { environment, where });
    const approvals = await checkApprovals(workspace, environment);
    const fired = outcomes.flatMap((outcome) => (outcome.kind === 'fired' ? [outcome.alert] : []));
    const alerts = [...fired, ...budgets, ...approvals.alerts];
    const insufficient = outcomes.flatMap((one) => (one.kind === 'insufficient' ? [one.unjudged] : []));
    const passed = outcomes.filter(({ kind }) => kind === 'passed').length;
    return {
      environment,
      alerts: alerts.sort((a, b) => rank(a) - rank(b)),
      insufficient,
      passed,
      verdict: verdictOf(coverage, { alerts: alerts.length, insufficient: insufficient.length, passed }),
      coverage,
      warnings: [...warnCoverage(coverage, coverage.records), ...approvals.warnings],
    };
  });
};

const rank = ({ severity }: Alert): number => (severity === 'critical' ? 0 : 1);

/** Nothing passes that was not judged. */
const verdictOf = (
  { records }: LogCoverage,
  counts: { readonly alerts: number; readonly insufficient: number; readonly passed: number },
): MetricsCheckResult['verdict'] => {
  if (counts.alerts > 0) return 'alert';
  if (records === 0) return 'no log';
  return counts.insufficient > 0 || counts.passed === 0 ? 'insufficient' : 'passed';
};

interface CheckScope {
  readonly environment: string | null;
  readonly where: readonly FieldCondition[];
}

const judgeRules = async (
  workspace: Workspace,
  source: MetricsSource,
  { environment, where }: CheckScope,
): Promise<AlertOutcome[]> => {
  const rules = resolveAlerts(workspace.config.alerts);
  const states = await readAllEnvironmentStates(openState(workspace));
  const running = environment === null ? [] : [...(states.get(environment)?.states.values() ?? [])];
  const expected = running
    .filter((state) => currentDeployment(state) !== null)
    .map(({ prompt }): AlertScope => ({ prompt, environment }));
  const outcomes: AlertOutcome[] = [];
  for (const windowMs of new Set(rules.map((rule) => rule.windowMs))) {
    const until = workspace.now().getTime() + 1;
    const now = await readAlertFigures(source, { since: until - windowMs, until, where });
    const before = await readAlertFigures(source, {
      since: until - 2 * windowMs,
      until: until - windowMs,
      where,
    });
    const scopes = new Map(
      [...expected, ...[...now.values()].map(({ scope }) => scope)].map((one) => [keyOf(one), one]),
    );
    for (const rule of rules.filter((one) => one.windowMs === windowMs)) {
      if (!rule.isBuiltIn && ![...scopes.values()].some((scope) => appliesTo(rule, scope)))
        outcomes.push(...withoutRecords(rule, environment));
      for (const [key, scope] of scopes) {
        if (!appliesTo(rule, scope)) continue;
        const figures =
          rule.against === 'previous-version'
            ? await readVersions(source, scope, { where, states, since: until - windowMs, until })
            : {
                now: now.get(key) ?? noFigures,
                before: rule.against === null ? null : (before.get(key) ?? null),
              };
        outcomes.push(evaluateAlert(rule, scope, figures));
      }
    }
  }
  return outcomes;
};

const noFigures: AlertFigures = { errorCounts: { x: 0, n: 0, missing: 0 }, metrics: {} };

/** A rule of the user's that finds nothing to judge; where it is not meant for the environment asked for, none. */
const withoutRecords = (rule: AlertRule, environment: string | null): AlertOutcome[] => {
  const isMeant =
    environment === null || rule.environments.length === 0 || rule.environments.includes(environment);
  const { name, metric, minRecords: needed } = rule;
  const unjudged = { name, prompt: null, environment, metric, values: 0, needed };
  return isMeant ? [{ kind: 'insufficient', unjudged }] : [];
};

interface VersionWindow {
  readonly where: readonly FieldCondition[];
  readonly states: Awaited<ReturnType<typeof readAllEnvironmentStates>>;
  readonly since: number;
  readonly until: number;
}

const previousDays = 30 * 86_400_000;

/** The running version now, and the one before it in the thirty days before; none where nothing ran before, or `where` chose a version. */
const readVersions = async (
  source: MetricsSource,
  { prompt, environment }: AlertScope,
  { where, states, since, until }: VersionWindow,
) => {
  const state = states.get(environment ?? '')?.states.get(prompt ?? '');
  const current = state?.current ?? null;
  const previous = state === undefined ? null : previousGood(state, () => false);
  const hasChosen = where.some(({ field }) => field === 'version');
  if (current === null || previous === null || prompt === null || hasChosen)
    return { now: noFigures, before: null };
  const others = where.filter(({ field }) => field !== 'environment');
  const read = (version: string, from: number) =>
    readAllFigures(source, {
      prompts: [prompt],
      since: from,
      until,
      where: [...others, { field: 'environment', value: environment }, { field: 'version', value: version }],
    });
  return {
    now: (await read(current, since)) ?? noFigures,
    before: await read(previous.version, since - previousDays),
  };
};
