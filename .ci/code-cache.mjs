// Runs the common commands once in a throw-away repository and keeps the machine code that V8 made of them.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, 'dist/cli/run.cjs');
const prompt = 'example/greeting';
const commands = [
  ['init', '--example'],
  ['save', '-m', 'First'],
  ['status'],
  ['list', '--json'],
  ['diff', prompt],
  ['save', prompt],
  ['log', prompt],
  ['show', prompt],
  ['show', `${prompt}@1.0.0`, '--json'],
  ['diff', prompt, '1.0.0', 'latest'],
  ['render', prompt, '--var', 'customer=Ada'],
  ['lint'],
  ['lint', '--staged'],
  ['promote', prompt, '--env', 'staging'],
  ['promote', `${prompt}@1.0.0`, '--env', 'staging'],
  ['rollback', prompt, '--env', 'staging'],
  ['get', prompt, '--env', 'staging', '--var', 'customer=Ada', '--json'],
  ['env', 'show', 'staging'],
];

/** The loader itself is TypeScript: bundled in memory. */
const loadLoader = async () => {
  const options = { absWorkingDir: root, bundle: true, write: false, format: 'esm', platform: 'node' };
  const { outputFiles } = await build({ ...options, entryPoints: ['src/store/code-cache.ts'] });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
};

const person = { NAME: 'Build', EMAIL: 'build@example.com' };
const environmentOf = (home) => ({
  PATH: process.env.PATH,
  HOME: home,
  GIT_CONFIG_NOSYSTEM: '1',
  ...Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) =>
      Object.entries(person).map(([key, value]) => [`GIT_${role}_${key}`, value]),
    ),
  ),
});

const silent = { write: () => true };
const createIo = (cwd, env) => ({
  stdout: silent,
  stderr: silent,
  stdin: (async function* () {})(),
  env,
  cwd: () => cwd,
  now: () => new Date(),
  interruption: new AbortController().signal,
  flush: async () => undefined,
});

const { loadWithCodeCache } = await loadLoader();
const { exports, createCodeCaches } = loadWithCodeCache(bundle);
const directory = mkdtempSync(join(tmpdir(), 'promptv-build-'));
const env = environmentOf(directory);
try {
  execFileSync('git', ['init', '--quiet', directory], { env, stdio: 'ignore' });
  for (const command of commands) {
    if (command.includes('--staged')) execFileSync('git', ['-C', directory, 'add', '.'], { env });
    if (command[0] === 'diff' && command.length === 2)
      appendFileSync(
        join(directory, 'prompts', `${prompt}.yaml`),
        // A long word with digits, so that the search for secrets runs too.
        '  - role: user\n    content: One more, of order-2026-0000001.\n',
      );
    const exitCode = await exports.run(command, createIo(directory, env), '0.0.0');
    if (exitCode !== 0) throw new Error(`promptv ${command.join(' ')} ended with ${exitCode}`);
  }
} catch (error) {
  // A machine without git can still build: its cache holds less.
  if (error.code !== 'ENOENT') throw error;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
for (const [file, bytes] of createCodeCaches()) writeFileSync(file, bytes);
