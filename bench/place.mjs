// Where a benchmark runs: git and promptv with an environment of their own, and a wrapper that counts git.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const promptvPath = fileURLToPath(new URL('../bin/promptv.js', import.meta.url));

/** Extra certificates that the machine gives to every Node process: reading them is part of its start. */
export const certificates = process.env.NODE_EXTRA_CA_CERTS;

/** No configuration, CI variable or colour switch of the caller reaches the programs that are measured. */
export const isolatedEnv = (home) => ({
  ...(certificates && { NODE_EXTRA_CA_CERTS: certificates }),
  PATH: process.env.PATH ?? '',
  HOME: home,
  LC_ALL: 'C',
  TZ: 'UTC',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Bench',
  GIT_AUTHOR_EMAIL: 'bench@example.com',
  GIT_COMMITTER_NAME: 'Bench',
  GIT_COMMITTER_EMAIL: 'bench@example.com',
});

/** Runs a program to its end and returns the milliseconds it took; throws when it fails. */
export const timeProgram = (program, args, { cwd, env }) => {
  const start = performance.now();
  const run = spawnSync(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 });
  const elapsedMs = performance.now() - start;
  if (run.status !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${run.status ?? run.signal}:\n${run.stderr}`);
  return elapsedMs;
};

/** Runs git and returns its stdout; throws with its stderr. */
export const git = ({ cwd, env }, ...args) =>
  execFileSync('git', args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 28,
  });

/** A function that runs `action` with a counting git first on PATH and returns how many times it was called. */
export const gitCounter = (folder, env) => {
  const log = join(folder, 'calls');
  const wrapper = join(folder, 'git');
  const real = execFileSync('/bin/sh', ['-c', 'command -v git'], { env, encoding: 'utf8' }).trim();
  mkdirSync(folder, { recursive: true });
  writeFileSync(wrapper, `#!/bin/sh\necho >> '${log}'\nexec '${real}' "$@"\n`);
  chmodSync(wrapper, 0o755);
  return (action) => {
    rmSync(log, { force: true });
    writeFileSync(log, '');
    action({ ...env, PATH: `${folder}${delimiter}${env.PATH}` });
    return readFileSync(log, 'utf8').length;
  };
};
