import { readFileSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promptvError } from '../errors.ts';

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601 UTC. */
  readonly since: string;
  /** When the process started, in the system's own count: another process of the same number has another. */
  readonly processStart?: string | undefined;
}

export interface LockOptions {
  /** How long to wait for another holder, in milliseconds. */
  readonly patienceMs: number;
  readonly now: () => Date;
  /** Called once when another process holds the lock. */
  readonly onWait?: (holder: LockHolder) => void;
}

/**
 * Runs `work` while this process alone holds the lock file. A lock whose process is dead on this machine is taken over.
 * @throws LOCK_TIMEOUT
 */
export const withLock = async <T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> => {
  await acquire(path, options);
  try {
    await removeDrafts(path);
    return await work();
  } finally {
    await rm(path, { force: true });
  }
};

const acquire = async (path: string, options: LockOptions): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const started = options.now().getTime();
  let told = false;
  for (let delayMs = 5; !(await tryCreate(path, options.now())); delayMs = Math.min(delayMs * 1.5, 100)) {
    const holder = await readLock(path);
    if (holder && isGone(holder)) {
      await removeDeadLock(path, holder);
      continue;
    }
    const waitedMs = options.now().getTime() - started;
    if (waitedMs > options.patienceMs)
      throw promptvError('LOCK_TIMEOUT', {
        seconds: Math.round(waitedMs / 1000),
        holder: describe(holder),
        path,
      });
    if (holder && !told) options.onWait?.(holder);
    told ||= holder !== null;
    await new Promise((resolve) => setTimeout(resolve, delayMs * (0.5 + Math.random())));
  }
};

const describe = (holder: LockHolder | null): string =>
  holder ? `process ${holder.pid} on ${holder.host} since ${holder.since}` : 'unknown';

/** Makes the lock whole or not at all: its text is written elsewhere first, and a link fails where there is a file. */
const tryCreate = async (path: string, now: Date): Promise<boolean> => {
  const { pid } = process;
  const holder = { pid, host: hostname(), since: now.toISOString(), processStart: processStart(pid) };
  drafts += 1;
  const draft = `${path}.${process.pid}-${drafts}`;
  try {
    await writeFile(draft, `${JSON.stringify(holder)}\n`);
    await link(draft, path).catch((error) => createInPlace(path, { holder, error }));
    return true;
  } catch (error) {
    // ENOENT: another machine that shares this folder took our draft for a dead one's.
    if (isErrno(error, 'EEXIST') || isErrno(error, 'ENOENT')) return false;
    throw promptvError(
      'FILE_ACCESS',
      { path, action: 'created', reason: error instanceof Error ? error.message : String(error) },
      error,
    );
  } finally {
    await rm(draft, { force: true });
  }
};

let drafts = 0;

/** For file systems without links; a kill in between leaves an empty file, which `readLock` judges by its age. */
const createInPlace = async (
  path: string,
  { holder, error }: { readonly holder: LockHolder; readonly error: unknown },
): Promise<void> => {
  const hasNoLinks = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].some((code) =>
    isErrno(error, code),
  );
  if (!hasNoLinks) throw error;
  await writeFile(path, `${JSON.stringify(holder)}\n`, { flag: 'wx' });
};

/** The drafts of processes that were killed. */
const removeDrafts = async (path: string): Promise<void> => {
  const [folder, start] = [dirname(path), `${basename(path)}.`];
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(start) && /^\d+(?=-\d+$)/.exec(name.slice(start.length))?.[0];
    if (pid && !isAlive(Number(pid))) await rm(join(folder, name), { force: true });
  }
};

/** Null when the file is gone or, without links, not yet written; an empty one older than ten seconds counts as left behind. */
export const readLock = async (path: string): Promise<LockHolder | null> => {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    const holder: unknown = JSON.parse(text);
    if (isHolder(holder)) return holder;
  } catch {
    // Half-written by a process that was killed in between: judged by its age below.
  }
  const age = await stat(path).then(
    (file) => Date.now() - file.mtimeMs,
    () => 0,
  );
  return age > 10_000 ? { pid: 0, host: hostname(), since: new Date(0).toISOString() } : null;
};

const isHolder = (value: unknown): value is LockHolder =>
  typeof value === 'object' &&
  value !== null &&
  'pid' in value &&
  typeof value.pid === 'number' &&
  'host' in value &&
  typeof value.host === 'string' &&
  'since' in value &&
  typeof value.since === 'string' &&
  (!('processStart' in value) || typeof value.processStart === 'string');

/** Only this machine's processes can be asked. */
export const isGone = (holder: LockHolder): boolean => {
  if (isElsewhere(holder)) return false;
  if (holder.pid === 0 || !isAlive(holder.pid)) return true;
  const start = processStart(holder.pid);
  return start !== undefined && holder.processStart !== undefined && start !== holder.processStart;
};

/** Whether another machine or container holds the lock, which only a person can judge. */
export const isElsewhere = ({ host }: LockHolder): boolean => host !== hostname();

/** The start of a process in ticks since the machine's: field 22 of its line, behind its name in brackets; absent without /proc. */
const processStart = (pid: number): string | undefined => {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return line.slice(line.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isErrno(error, 'ESRCH');
  }
};

/** Removes the lock of a dead holder; of two who find it, only the one that makes a second lock. */
export const removeDeadLock = async (path: string, dead: LockHolder): Promise<void> => {
  const guard = `${path}.takeover`;
  if (!(await tryCreate(guard, new Date()))) {
    const holder = await readLock(guard);
    if (holder && isGone(holder)) await rm(guard, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 5));
    return;
  }
  try {
    const still = await readLock(path);
    if (still && still.pid === dead.pid && still.since === dead.since) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
};

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
