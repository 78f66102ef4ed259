import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { promptvError } from '../errors.ts';

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601 UTC. */
  readonly since: string;
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
      await takeAway(path, holder);
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

/** Creates the file whole or not at all visible as ours: readers treat an empty file as one being written. */
const tryCreate = async (path: string, now: Date): Promise<boolean> => {
  const holder: LockHolder = { pid: process.pid, host: hostname(), since: now.toISOString() };
  try {
    const file = await open(path, 'wx');
    await file.writeFile(`${JSON.stringify(holder)}\n`);
    await file.close();
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw promptvError('FILE_ACCESS', { path, action: 'created', reason: String(error) }, error);
  }
};

/** Null when the file is gone or not yet written; an empty one older than ten seconds counts as left behind. */
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
  'host' in value;

/** Only this machine's processes can be asked. */
export const isGone = (holder: LockHolder): boolean => {
  if (holder.host !== hostname()) return false;
  if (holder.pid === 0) return true;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return isErrno(error, 'ESRCH');
  }
};

/** Two waiters may find the same dead holder: only the one that wins this second lock removes the file. */
const takeAway = async (path: string, dead: LockHolder): Promise<void> => {
  const guard = `${path}.takeover`;
  const handle = await open(guard, 'wx').catch(() => null);
  if (!handle) return removeIfOld(guard);
  try {
    const still = await readLock(path);
    if (still && still.pid === dead.pid && still.since === dead.since) await rm(path, { force: true });
  } finally {
    await handle.close();
    await rm(guard, { force: true });
  }
};

const removeIfOld = async (guard: string): Promise<void> => {
  const age = await stat(guard).then(
    (file) => Date.now() - file.mtimeMs,
    () => 0,
  );
  if (age > 10_000) await rm(guard, { force: true });
  await new Promise((resolve) => setTimeout(resolve, 5));
};

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
