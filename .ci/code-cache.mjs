// Runs the common commands once in a throw-away repository of our own prompts and keeps the machine code that V8 made of them.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, 'dist/cli/run.cjs');
const prompt = 'support/reply';
const variables = ['--var', 'message=Where is it?', '--var', 'maxWords=80'];
const commands = [
  ['init'],
  ['save', '-m', 'First'],
  ['status'],
  ['list', '--json'],
  ['diff', prompt],
  ['save', prompt, '-m', 'Second'],
  ['log', prompt],
  ['show', prompt],
  ['show', `${prompt}@1.0.0`, '--json'],
  ['diff', prompt, '1.0.0', 'latest'],
  ['render', prompt, ...variables],
  ['lint'],
  ['lint', '--staged'],
  ['promote', prompt, '--env', 'staging'],
  ['promote', `${prompt}@1.0.0`, '--env', 'staging'],
  ['rollback', prompt, '--env', 'staging'],
  ['get', prompt, '--env', 'staging', ...variables, '--json'],
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

/** A text in quotes, and a long word with digits, so that the search for secrets runs too. */
const change = (file) => {
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace(/^description: .*/m, 'description: "A draft for order-2026-0000001 \\u2026"'),
  );
};

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
  cpSync(join(root, 'prompts'), join(directory, 'prompts'), { recursive: true });
  for (const command of commands) {
    if (command.includes('--staged')) execFileSync('git', ['-C', directory, 'add', '.'], { env });
    if (command[0] === 'diff' && command.length === 2) change(join(directory, 'prompts', `${prompt}.yaml`));
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
