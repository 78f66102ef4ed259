import { type DeliveryReport, reportDelivery } from '../../core/environment/delivery-report.ts';
import { readAllEnvironmentStates } from '../environments.ts';
import { readWorkingSources } from '../sources.ts';
import { behindWarning } from '../state-behind.ts';
import { openStateToRead } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { type DamagedState, describeDamage, warnDamage } from './damage.ts';
import { sinceOf } from './time.ts';

export interface EnvReportRequest {
  /** A moment or an age (`7d`); only what happened since counts. */
  readonly since?: string;
  /** Read the state of this branch. */
  readonly branch?: string;
}

export interface EnvironmentReport extends DeliveryReport {
  readonly environment: string;
  /** How many prompts run there now. */
  readonly running: number;
}

export interface EnvReportResult {
  /** ISO 8601 UTC; null for all of the history. */
  readonly since: string | null;
  /** Of the prompts that have a file, those with at least one version; the share is null without prompts. */
  readonly versioned: { readonly prompts: number; readonly versioned: number; readonly share: number | null };
  /** In configured order. */
  readonly environments: readonly EnvironmentReport[];
  readonly damaged: readonly DamagedState[];
  readonly warnings: readonly Warning[];
}

/** How delivery goes: versioned prompts, deployments and rollbacks, and how long they took. @throws TIME_INVALID */
export const reportEnvironments = async (
  workspace: Workspace,
  request: EnvReportRequest,
): Promise<EnvReportResult> => {
  const since = sinceOf(request.since, workspace.now().getTime())?.utc ?? null;
  const state = await openStateToRead(workspace, request);
  const versions = new Versions(workspace);
  const [found, sources, behind] = await Promise.all([
    readAllEnvironmentStates(state),
    readWorkingSources(workspace, new Set()),
    behindWarning(workspace, state),
    versions.listAll(),
  ]);
  const environments = workspace.config.environments.map(({ name: environment }) => {
    const states = [...(found.get(environment)?.states.values() ?? [])];
    const running = states.filter(({ current }) => current !== null).length;
    return { environment, running, ...reportDelivery(states, since) };
  });
  const damaged = environments.flatMap(({ environment }) =>
    describeDamage(environment, found.get(environment)?.damaged ?? new Map()),
  );
  return {
    since,
    versioned: shareOfVersioned(sources.names, new Set(versions.names())),
    environments,
    damaged,
    warnings: [...warnDamage(damaged), ...behind],
  };
};

const shareOfVersioned = (
  prompts: readonly string[],
  named: ReadonlySet<string>,
): EnvReportResult['versioned'] => {
  const versioned = prompts.filter((name) => named.has(name)).length;
  return {
    prompts: prompts.length,
    versioned,
    share: prompts.length === 0 ? null : versioned / prompts.length,
  };
};
