import { join } from 'node:path';
import { promptNameProblem } from '../core/prompt/name.ts';
import { assertAuthor } from '../core/version/user-message.ts';
import { promptvError } from '../errors.ts';
import { commitOnly } from '../git/commits.ts';
import { currentBranch } from '../git/history.ts';
import { pushRefs } from '../git/remote.ts';
import { readBytesIfThere } from '../store/read-file.ts';
import { removeFile, writeFileWhole } from '../store/write-file.ts';
import { assertReadyToCommit } from './ready.ts';
import { remoteOf, wantsPush } from './remote-view.ts';
import { type FileChange, type Names, planRename, type RenamePlan } from './rename-plan.ts';
import { formatRenameLine } from './renames.ts';
import { readWorkingSources } from './sources.ts';
import type { PushOptions, Warning } from './types.ts';
import { gitPath, promptNameFrom, type Workspace } from './workspace.ts';
import { withWorkspaceLock } from './workspace-lock.ts';

export interface RenameRequest extends PushOptions {
  readonly from: string;
  readonly to: string;
  readonly message?: string;
  /** `Name <email>`, for the commit. */
  readonly author?: string;
  readonly verify?: boolean;
  readonly dryRun?: boolean;
}

export interface RenameResult {
  readonly from: string;
  readonly to: string;
  readonly path: string;
  /** Null in a dry run. */
  readonly commit: string | null;
  /** Files whose references were rewritten. */
  readonly updated: readonly string[];
  readonly pushed: boolean;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Moves a prompt's file, its tests and all references to it in one commit; the next `save` of the new name continues
 * the old numbers. A refused commit puts every file back.
 * @throws NAME_EXISTS, NAME_INVALID, PROMPT_NOT_FOUND, FILES_MODIFIED, REMOVAL_STAGED, HOOK_REFUSED
 */
export const rename = async (workspace: Workspace, request: RenameRequest): Promise<RenameResult> => {
  await assertReadyToCommit(workspace, 'rename');
  if (request.author !== undefined) assertAuthor(request.author);
  const [from, to] = [promptNameFrom(workspace, request.from), promptNameFrom(workspace, request.to)];
  const reason = promptNameProblem(to) ?? (from === to ? 'it is the name that the prompt has' : null);
  if (reason) throw promptvError('NAME_INVALID', { name: to, reason });
  const work = async (): Promise<RenameResult> => {
    const plan = (await findDone(workspace, { from, to })) ?? (await planRename(workspace, { from, to }));
    const result = {
      from,
      to,
      path: plan.path,
      updated: plan.updated,
      warnings: plan.unsure.map(unsureWarning(from, to)),
    };
    if (request.dryRun) return { ...result, commit: null, pushed: false, dryRun: true };
    const commit = 'commit' in plan ? plan.commit : await applyRename(workspace, request, plan);
    const pushed = await pushRename(workspace, request, commit);
    return { ...result, commit, pushed, dryRun: false };
  };
  return request.dryRun ? work() : withWorkspaceLock(workspace, work);
};

interface DoneRename {
  readonly commit: string;
  readonly path: string;
  readonly updated: readonly string[];
  readonly unsure: readonly string[];
}

const unsureWarning =
  (from: string, to: string) =>
  (path: string): Warning => ({
    code: 'PROMPT_INVALID',
    message: `${path} is not a valid prompt document and names ${from}: correct it, and write ${to} there yourself.`,
  });

/** The commit and the file of this very rename, if HEAD is it: a run that was killed after its commit, run again. */
const findDone = async (workspace: Workspace, { from, to }: Names): Promise<DoneRename | null> => {
  const head = await workspace.repository.readObject('HEAD');
  if (!head?.content.toString('utf8').includes(`\n${formatRenameLine(from, to)}\n`)) return null;
  const { prompts, names } = await readWorkingSources(workspace, new Set([to]));
  const path = prompts.get(to)?.path;
  return path === undefined || names.includes(from)
    ? null
    : { commit: head.oid, path, updated: [], unsure: [] };
};

/** Files first, new before old, so that a kill in between loses nothing; a refused commit puts every file back. */
const applyRename = async (
  workspace: Workspace,
  request: RenameRequest,
  plan: RenamePlan,
): Promise<string> => {
  const { files } = plan.workTree;
  const isKnown = ({ path }: FileChange): boolean =>
    !['untracked', 'ignored'].includes(files.get(gitPath(workspace, path))?.state ?? 'clean');
  // A file that git does not know is rewritten, and stays the user's to commit.
  const committed = plan.changes.filter((change) => change.before === null || isKnown(change));
  try {
    for (const { path, after, mode } of plan.changes)
      await writeContent(join(workspace.root, path), after, mode);
    return await commitOnly(workspace.repository, {
      paths: committed.map(({ path }) => gitPath(workspace, path)),
      newPaths: committed.filter(({ before }) => before === null).map(({ path }) => gitPath(workspace, path)),
      message: `${request.message?.trim() || `Rename prompt ${plan.from} to ${plan.to}`}\n\n${formatRenameLine(plan.from, plan.to)}\n`,
      signoff: workspace.config.commit.signoff,
      ...(request.author === undefined ? {} : { author: request.author }),
      ...(request.verify === undefined ? {} : { verify: request.verify }),
    });
  } catch (error) {
    await putBack(workspace, plan.changes);
    throw error;
  }
};

/** Puts back what is not as it was, and only then says what could not be. @throws FILE_ACCESS */
const putBack = async (workspace: Workspace, changes: readonly FileChange[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const { path, before, mode } of changes.toReversed()) {
    const place = join(workspace.root, path);
    try {
      if (!isSame(await readBytesIfThere(place), before)) await writeContent(place, before, mode);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
};

const isSame = (there: Uint8Array | null, before: FileChange['before']): boolean =>
  there === null || before === null ? there === before : Buffer.compare(there, Buffer.from(before)) === 0;

const writeContent = (path: string, content: FileChange['after'], mode?: number): Promise<void> =>
  content === null ? removeFile(path) : writeFileWhole(path, content, mode);

const pushRename = async (workspace: Workspace, request: RenameRequest, commit: string): Promise<boolean> => {
  if (!wantsPush(workspace, request)) return false;
  const branch = await currentBranch(workspace.repository);
  if (branch === null) return false;
  await pushRefs(workspace.repository, {
    remote: remoteOf(workspace, request),
    refspecs: [`${commit}:refs/heads/${branch}`],
  });
  return true;
};
