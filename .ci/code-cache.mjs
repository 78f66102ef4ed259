// Runs the common commands once in a throw-away repository of our own prompts and keeps the machine code that V8 made of
// them: all of it together, and for each command that has to be quick its own alone, from a process of its own.
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
  ['hooks', 'run', 'pre-commit'],
  ['promote', prompt, '--env', 'staging'],
  ['promote', `${prompt}@1.0.0`, '--env', 'staging'],
  ['rollback', prompt, '--env', 'staging'],
  ['get', prompt, '--env', 'staging', ...variables, '--json'],
  ['env', 'show', 'staging'],
];

const quick = [
  ['status'],
  ['list'],
  ['log', prompt],
  ['get', prompt, '--env', 'staging', ...variables],
  ['hooks', 'run', 'pre-commit'],
  ['save', prompt, '-m', 'Third'],
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
  writeFileSync(file, text.replace(/^description: .*/m, `description: "Order-2026-${text.length} \\u2026"`));
};

/** Before a command that looks at a change. */
const prepare = (command, directory, env) => {
  if (command[0] === 'diff' || command[0] === 'hooks') change(join(directory, 'prompts', `${prompt}.yaml`));
  if (command[0] === 'hooks') execFileSync('git', ['-C', directory, 'add', '.'], { env });
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
const run = async (exports, command, directory) => {
  const exitCode = await exports.run(command, createIo(directory, environmentOf(directory)), '0.0.0');
  if (exitCode !== 0) throw new Error(`promptv ${command.join(' ')} ended with ${exitCode}`);
};

const keepQuick = async (directory, command) => {
  const file = bundle.replace('.cjs', `.${command[0]}.cache`);
  const { exports, createCodeCaches } = loadWithCodeCache(bundle, [file]);
  await run(exports, command, directory);
  writeFileSync(file, createCodeCaches().get(file));
};

/** False on a machine without git, which can still build: its commands start more slowly. */
const runAll = async (exports, directory, env) => {
  try {
    execFileSync('git', ['init', '--quiet', directory], { env, stdio: 'ignore' });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return false;
  }
  cpSync(join(root, 'prompts'), join(directory, 'prompts'), { recursive: true });
  for (const command of commands) {
    prepare(command, directory, env);
    await run(exports, command, directory);
  }
  return true;
};

const keepAll = async (directory) => {
  const env = environmentOf(directory);
  const { exports, createCodeCaches } = loadWithCodeCache(bundle);
  const isRun = await runAll(exports, directory, env);
  for (const [file, bytes] of createCodeCaches()) writeFileSync(file, bytes);
  for (const command of isRun ? quick : []) {
    prepare(command, directory, env);
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), directory, ...command], {
      stdio: 'inherit',
    });
  }
};

const [place, ...command] = process.argv.slice(2);
if (place !== undefined) await keepQuick(place, command);
else {
  const directory = mkdtempSync(join(tmpdir(), 'promptv-build-'));
  try {
    await keepAll(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
