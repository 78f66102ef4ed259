import { isOwn, mayApprove } from '../../core/approval/evaluate.ts';
import { approvalsFolder, emailOf, parseApprovalPath } from '../../core/approval/records.ts';
import type { StageStatus } from '../../core/approval/stage.ts';
import type { EnvironmentConfig } from '../../core/config/schema.ts';
import { isPromptvError } from '../../errors.ts';
import { readStagesOfAll } from '../approval-stages.ts';
import { environmentNamed } from '../environments.ts';
import { openStateToRead, type StateStore } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { type Version, Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';

export interface PendingRequest {
  readonly environment?: string;
  /** An e-mail: only what this person may decide and has not. */
  readonly approver?: string;
  readonly branch?: string;
}

export interface PendingStage extends StageStatus {
  readonly prompt: string;
  readonly version: string;
  readonly environment: string;
}

export interface PendingResult {
  /** Longest waiting first. */
  readonly stages: readonly PendingStage[];
  readonly warnings: readonly Warning[];
}

/**
 * Every stage that was submitted and waits for a decision. A damaged file is a warning and hides only its own version.
 * @throws ENVIRONMENT_NOT_FOUND, SIGNERS_UNTRUSTED
 */
export const pendingApprovals = async (
  workspace: Workspace,
  request: PendingRequest,
): Promise<PendingResult> => {
  const environments =
    request.environment === undefined
      ? workspace.config.environments
      : [environmentNamed(workspace, request.environment)];
  const state = await openStateToRead(workspace, request);
  const stages: PendingStage[] = [];
  const warnings: Warning[] = [];
  const waiting = await readSubmitted(workspace, {
    submitted: await submitted(state, environments),
    warnings,
  });
  for (const environment of environments) {
    const versions = waiting.filter((each) => each.environment === environment).map(({ version }) => version);
    const found = await readEach(workspace, state, { environment, versions, warnings });
    for (const [version, all] of found) {
      const open = all.filter(
        (stage) =>
          stage.state === 'pending' &&
          stage.requestedAt !== null &&
          isFor(request, stage, { environment, version }),
      );
      const about = { prompt: version.name, version: version.version, environment: environment.name };
      stages.push(...open.map((stage) => ({ ...about, ...stage })));
    }
  }
  return { stages: stages.sort((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0)), warnings };
};

/** A version that waits in an environment. */
interface Waiting {
  readonly environment: EnvironmentConfig;
  readonly version: Version;
}

/** The versions that were submitted; one that is none any more is a warning. */
const readSubmitted = async (
  workspace: Workspace,
  { submitted, warnings }: { readonly submitted: readonly Submitted[]; readonly warnings: Warning[] },
): Promise<readonly Waiting[]> => {
  const versions = new Versions(workspace);
  // One process lists the tags of all; a single version is found without a list.
  const names = [...new Set(submitted.map(({ prompt }) => prompt))];
  if (names.length > 1) await versions.list(names);
  const waiting: Waiting[] = [];
  for (const { environment, prompt, version } of submitted) {
    try {
      waiting.push({ environment, version: await versions.get(prompt, version) });
    } catch (error) {
      warnings.push(warningOf(error));
    }
  }
  return waiting;
};

/** The stages of all with the git processes of one; if one cannot be read, of each alone, so that it hides no other. */
const readEach = async (
  workspace: Workspace,
  state: StateStore,
  {
    environment,
    versions,
    warnings,
  }: {
    readonly environment: EnvironmentConfig;
    readonly versions: readonly Version[];
    readonly warnings: Warning[];
  },
): Promise<ReadonlyMap<Version, readonly StageStatus[]>> => {
  try {
    return await readStagesOfAll(workspace, state, { environment, versions });
  } catch (error) {
    const warning = warningOf(error);
    if (versions.length > 1) {
      const alone = await Promise.all(
        versions.map((version) => readEach(workspace, state, { environment, versions: [version], warnings })),
      );
      return new Map(alone.flatMap((stages) => [...stages]));
    }
    warnings.push(warning);
    return new Map();
  }
};

/** What a version that cannot be read says of itself; every other failure is thrown on. */
const warningOf = (error: unknown): Warning => {
  if (!isPromptvError(error) || error.code === 'SIGNERS_UNTRUSTED') throw error;
  return { code: error.code, message: error.message };
};

interface Submitted {
  readonly environment: EnvironmentConfig;
  readonly prompt: string;
  readonly version: string;
}

/** Each version that has a request in one of the environments, once. */
const submitted = async (
  state: StateStore,
  environments: readonly EnvironmentConfig[],
): Promise<readonly Submitted[]> => {
  const found = new Map<string, Submitted>();
  for (const { path } of await state.list(approvalsFolder)) {
    const place = parseApprovalPath(path);
    const environment = environments.find(({ name }) => name === place?.environment);
    if (!place || !environment || place.slug !== 'request') continue;
    const { prompt, version } = place;
    found.set(`${environment.name}/${prompt}@${version}`, { environment, prompt, version });
  }
  return [...found.values()];
};

/** Whether the person asked for may decide here and has not. */
const isFor = (
  { approver }: PendingRequest,
  status: StageStatus,
  { environment, version }: Waiting,
): boolean => {
  if (approver === undefined) return true;
  const stage = environment.approvals.find(({ name }) => name === status.stage);
  if (!stage || !mayApprove(stage, [approver])) return false;
  if (!environment.allowSelfApproval && isOwn(version.record.authors, [approver])) return false;
  return !status.approvals.some(
    ({ by, counts }) => counts && emailOf(by).toLowerCase() === approver.toLowerCase(),
  );
};
