import { pushCommand, pushRefs } from '../git/remote.ts';
import { hasRemote } from '../store/git-state.ts';
import { remoteOf } from './remote-view.ts';
import type { SavedVersion, SaveRequest } from './save.ts';
import type { SavePlan } from './save-plan.ts';
import type { Warning } from './types.ts';
import { tagNameOf } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface PushOutcome {
  readonly pushed: boolean;
  /** Null too where there is no such remote. */
  readonly pushCommand: string | null;
  readonly warnings: readonly Warning[];
}

interface PushInputs {
  readonly plan: SavePlan;
  readonly saved: readonly SavedVersion[];
  /** The commit that was tagged. */
  readonly commit: string;
  /** Whether this run, or a killed one before it, made that commit. */
  readonly isOurs: boolean;
}

/** Pushes exactly the versions that the remote lacks, and the branch if the commit is ours; or says how to. */
export const pushSaved = async (
  workspace: Workspace,
  request: SaveRequest,
  inputs: PushInputs,
): Promise<PushOutcome> => {
  const { plan, saved } = inputs;
  const refspecs = [...branchRefspec(inputs), ...(await tagRefspecs(workspace, inputs))];
  if (refspecs.length === 0) return { pushed: false, pushCommand: null, warnings: [] };
  if (plan.remote) {
    request.onProgress?.({ stage: 'push', done: 0, total: null });
    await pushRefs(workspace.repository, { remote: plan.remote.remote, refspecs });
    return { pushed: true, pushCommand: null, warnings: branchWarnings(inputs) };
  }
  if (saved.length === 0) return { pushed: false, pushCommand: null, warnings: [] };
  const remote = remoteOf(workspace, request);
  const command = pushCommand(remote, refspecs.map(shortRefspec));
  const warnings = workspace.ci ? [runnerWarning(saved, command)] : [];
  const canPush = request.remote !== undefined || (await isThere(workspace, remote, plan));
  return { pushed: false, pushCommand: canPush ? command : null, warnings };
};

/** A commit that a person made is theirs to push. */
const branchWarnings = ({ plan, commit, isOurs }: PushInputs): Warning[] => {
  const { branch } = plan.workTree;
  if (isOurs || branch === null || commit === '' || plan.remote?.tip === commit) return [];
  const message = `Only tags were pushed: commit ${commit.slice(0, 7)} was not made by promptv, and ${branch} on ${plan.remote?.remote} does not have it. Push it with: git push`;
  return [{ code: 'BRANCH_NOT_PUSHED', message }];
};

const isThere = async ({ repository }: Workspace, remote: string, { workTree }: SavePlan): Promise<boolean> =>
  workTree.upstream?.startsWith(`${remote}/`) || hasRemote(repository.commonDir, remote);

const branchRefspec = ({ plan, commit, isOurs }: PushInputs): string[] => {
  const branch = plan.workTree.branch;
  return isOurs && branch !== null && plan.remote?.tip !== commit ? [`${commit}:refs/heads/${branch}`] : [];
};

/**
 * The new tags, and with a remote also what never reached it: older versions of the same prompts, and those that the
 * new ones pin.
 */
const tagRefspecs = async (workspace: Workspace, { plan, saved }: PushInputs): Promise<string[]> => {
  const tags = new Set(saved.map(({ tag }) => tag));
  for (const { name, version } of plan.remote ? plan.saves.flatMap(({ pins }) => pins) : [])
    tags.add(tagNameOf(workspace, name, version));
  for (const { prompt } of plan.remote ? [...saved, ...plan.unchanged] : [])
    for (const version of await plan.versions.versionsOf(prompt)) tags.add(version.tag);
  return [...tags]
    .filter((tag) => !plan.remote?.tags.has(tag))
    .map((tag) => `refs/tags/${tag}:refs/tags/${tag}`);
};

/** `git push` takes the short forms that a person would type. */
const shortRefspec = (refspec: string): string => {
  const [source, destination = ''] = refspec.split(':');
  if (source === destination) return destination;
  return `HEAD:${destination}`;
};

const runnerWarning = (saved: readonly SavedVersion[], command: string): Warning => ({
  code: 'TAGS_STAY_ON_RUNNER',
  message: `${saved.length === 1 ? 'The tag' : `${saved.length} tags`} will be lost with this CI job: nothing was pushed. Add --push, or run: ${command}`,
});
