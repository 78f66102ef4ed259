import type { ChildProcess } from 'node:child_process';

/** How long git may take to remove its lock files before it is killed, in milliseconds. */
const graceMs = 500;

/**
 * Ends a process: asked first, so that git removes its lock files, then killed. What it started may live on and hold its
 * output open, so nobody waits for the end of that.
 */
export const stopProcess = (child: ChildProcess): void => {
  const release = (): void => {
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
  };
  if (child.exitCode !== null || child.signalCode !== null) {
    release();
    return;
  }
  const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
  child.once('exit', () => {
    clearTimeout(force);
    release();
  });
  child.kill('SIGTERM');
};
