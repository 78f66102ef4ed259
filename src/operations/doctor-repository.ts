import { join } from 'node:path';
import { quoteShellWord } from '../core/shell-word.ts';
import { isPromptvError, promptvError } from '../errors.ts';
import { withdraw } from '../git/commits.ts';
import { listIndex } from '../git/index-entries.ts';
import { assertIdentity, gitVersion, packRefs } from '../git/maintenance.ts';
import { readWorkTree } from '../git/work-tree.ts';
import { countFiles, listLeftovers } from '../store/leftovers.ts';
import { isElsewhere, isGone, type LockHolder, readLock, removeDeadLock } from '../store/lock.ts';
import { fileExists, readTextFile } from '../store/read-file.ts';
import { removeFile } from '../store/write-file.ts';
import type { Diagnosis } from './doctor.ts';
import { findSamePrefix } from './tag-prefix-clash.ts';
import { gitPath, type Workspace } from './workspace.ts';
import { lockPath } from './workspace-lock.ts';

/** Loose refs are one file each: beyond this, listing one prompt's versions takes longer than everything else. */
const mostLooseTags = 2000;

/** What is wrong with git's side and with what interrupted runs left behind. */
export const repositoryChecks = async (workspace: Workspace): Promise<Diagnosis[]> => {
  const checks = [
    checkGit,
    checkIdentity,
    checkLock,
    checkLeftovers,
    checkHalfAdded,
    checkLooseTags,
    checkIgnored,
    checkPrefix,
  ];
  return (await Promise.all(checks.map((check) => check(workspace)))).flat();
};

const checkGit = async ({ repository }: Workspace): Promise<Diagnosis[]> => {
  const version = await gitVersion(repository);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 2 || (major === 2 && minor >= 34)) return [];
  const message = `git ${version} is older than 2.34, the oldest that promptv is made for.`;
  return [{ id: 'GIT_TOO_OLD', severity: 'error', message, fix: 'Install a newer git.' }];
};

const checkIdentity = async ({ repository }: Workspace): Promise<Diagnosis[]> => {
  try {
    await assertIdentity(repository);
    return [];
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    // Nothing is broken: a machine that only reads needs no identity, and whoever writes is told.
    return [{ id: 'IDENTITY_MISSING', severity: 'warning', message: error.message, fix: error.hint }];
  }
};

/** After so long another machine's lock counts as left behind, where a person asks `doctor` to clear up. */
const foreignLockMs = 3_600_000;

const checkLock = async (workspace: Workspace): Promise<Diagnosis[]> => {
  const path = lockPath(workspace);
  const holder = await readLock(path);
  if (!holder) return [];
  if (isElsewhere(holder)) return [judgeForeignLock(workspace, path, holder)];
  if (!isGone(holder)) return [];
  const message = `The lock ${path} was left by process ${holder.pid}, which is gone.`;
  return [
    {
      id: 'STALE_LOCK',
      severity: 'warning',
      message,
      fix: 'promptv doctor --fix',
      mend: () => removeDeadLock(path, holder),
    },
  ];
};

/** A container's lock looks like this too, once the container is gone. */
const judgeForeignLock = ({ now }: Workspace, path: string, holder: LockHolder): Diagnosis => {
  const ageMs = now().getTime() - Date.parse(holder.since);
  const finding = {
    id: 'FOREIGN_LOCK',
    severity: 'warning' as const,
    message: `The lock ${path} is held by process ${holder.pid} on ${holder.host} since ${holder.since}; only you can tell whether it still runs.`,
  };
  if (ageMs < foreignLockMs) return { ...finding, fix: `rm ${quoteShellWord(path)}` };
  return { ...finding, fix: 'promptv doctor --fix', mend: () => removeDeadLock(path, holder) };
};

const checkLeftovers = async (workspace: Workspace): Promise<Diagnosis[]> => {
  const folders = [workspace.config.prompts.dir, '.promptv'].map((folder) => join(workspace.root, folder));
  const found = (await Promise.all(folders.map(listLeftovers))).flat();
  if (found.length === 0) return [];
  // What a person has given to git is none.
  const entries = await listIndex(workspace.repository, gitPath(workspace, '.'));
  const tracked = new Set(entries.map(({ path }) => join(workspace.repository.topLevel, path)));
  return found
    .filter((path) => !tracked.has(path))
    .map((path) => ({
      id: 'TEMPORARY_FILE',
      severity: 'warning' as const,
      message: `${path} is a temporary file of a write that was interrupted.`,
      fix: 'promptv doctor --fix',
      mend: () => removeFile(path),
    }));
};

/** `git add -N` of a save that was killed; a person's own looks the same, and undoing it loses nothing. */
const checkHalfAdded = async (workspace: Workspace): Promise<Diagnosis[]> => {
  const { files } = await readWorkTree(workspace.repository, [
    gitPath(workspace, workspace.config.prompts.dir),
  ]);
  const half = [...files.values()].filter(({ intentToAdd }) => intentToAdd);
  return half.map(({ path }) => ({
    id: 'HALF_ADDED',
    severity: 'warning' as const,
    message: `${path} is announced to git without content (git add -N), as an interrupted save leaves it.`,
    fix: 'promptv doctor --fix',
    mend: () => withdraw(workspace.repository, [path]),
  }));
};

const checkLooseTags = async ({ repository, config }: Workspace): Promise<Diagnosis[]> => {
  const loose = await countFiles(join(repository.commonDir, 'refs/tags', config.tagPrefix));
  if (loose <= mostLooseTags) return [];
  const message = `${loose} version tags are loose files, which makes every command slower.`;
  return [
    {
      id: 'LOOSE_TAGS',
      severity: 'warning',
      message,
      fix: 'git pack-refs --all',
      mend: () => packRefs(repository),
    },
  ];
};

const checkPrefix = async (workspace: Workspace): Promise<Diagnosis[]> => {
  const paths = await findSamePrefix(workspace);
  if (paths.length === 0) return [];
  const { code, message, hint } = promptvError('TAG_PREFIX_CLASH', {
    prefix: workspace.config.tagPrefix,
    paths,
  });
  return [{ id: code, severity: 'error', message, fix: hint }];
};

const checkIgnored = async (workspace: Workspace): Promise<Diagnosis[]> => {
  const place = join(workspace.root, '.gitignore');
  const text = (await fileExists(place)) ? await readTextFile(place) : '';
  if (workspace.loadedConfig.path === null || /^\/?\.promptv\/(?:metrics\/?)?$/m.test(text)) return [];
  const message = 'The local metrics log .promptv/metrics/ is not ignored by git.';
  return [{ id: 'METRICS_NOT_IGNORED', severity: 'info', message, fix: 'promptv init' }];
};
