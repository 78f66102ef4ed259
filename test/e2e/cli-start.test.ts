import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codeCachesOf, loadWithCodeCache } from '../../src/store/code-cache.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const binary = `${root}/bin/promptv.js`;
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

const run = (...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...words], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

const bash = (script: string) => {
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, process.execPath, binary], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

describe('promptv as it is installed', () => {
  it('prints its version', () => {
    expect(run('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('prints its help, plain in a pipe, and the same without words', () => {
    const { status, stdout, stderr } = run('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('give changed prompts their next version');
    expect(stdout).not.toContain('\u001b');
    expect(run()).toEqual({ status, stdout, stderr });
  });

  it('prints the help of a command in both spellings', () => {
    const { status, stdout } = run('save', '--help');
    expect(status).toBe(0);
    expect(stdout).toContain('--set-version <version>');
    expect(run('help', 'save').stdout).toBe(stdout);
  });

  it('refuses an unknown command and names the nearest', () => {
    expect(run('statuss')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error: Unknown command \'statuss\'.\nhint: Did you mean status? See "promptv --help".\n',
    });
  });

  it('refuses an unknown option, in JSON when asked', () => {
    const { status, stdout, stderr } = run('log', '--json', '--fromat', 'x');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(JSON.parse(stderr).error).toEqual({
      code: 'USAGE',
      message: "Unknown option '--fromat'.",
      hint: 'Did you mean --format? See "promptv log --help".',
    });
  });

  it('refuses an empty message', () => {
    expect(run('save', '-m', '').status).toBe(2);
  });

  it('takes a reader that closes its pipe as no failure', () => {
    const { status, stdout, stderr } = bash('set -o pipefail; "$0" "$1" completion fish | true; echo $?');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '0\n', stderr: '' });
  });

  it.skipIf(process.platform !== 'linux')('says so when the disk is full', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [binary, 'completion', 'bash'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: Standard output could not be written: ENOSPC/);
  });
});

describe('the bundle', () => {
  const dist = `${root}/dist`;
  const read = (name: string): string => readFileSync(`${dist}/cli/${name}`, 'utf8');

  it('answers --version from less than 4 kB of code, --help from less than 12', () => {
    expect(read('main.cjs').length).toBeLessThan(4000);
    expect(`${read('main.cjs')}${read('root-help.cjs')}`.length).toBeLessThan(12_000);
  });

  it('starts without a module, which Node would start its loader for', () => {
    expect(readFileSync(binary, 'utf8')).not.toMatch(/\bimport\b/);
    expect(read('main.cjs')).not.toMatch(/\bimport\b/);
  });

  const bundles = ['run', 'lint/profanity', 'lint/secrets'].map((name) => `${dist}/cli/${name}.cjs`);

  it('comes with the code cache of this V8', () => {
    expect(bundles.map((file) => loadWithCodeCache(file).isCached)).toEqual([true, true, true]);
  });

  it.each([
    'status',
    'list',
    'log',
    'get',
    'hooks',
    'save',
  ])('comes with a code cache of %s alone', (name) => {
    const own = `${dist}/cli/run.${name}.cache`;
    const { isCached, createCodeCaches } = loadWithCodeCache(`${dist}/cli/run.cjs`, [own]);
    expect(isCached).toBe(true);
    expect([...createCodeCaches().keys()]).toEqual([own]);
    expect(statSync(own).size).toBeLessThan(0.8 * statSync(`${dist}/cli/run.cache`).size);
  });

  it.each([
    '',
    '--json',
    '../../evil',
    'a/b',
    'save.x',
    'SAVE',
  ])('takes %j for no command with a cache', (word) => {
    expect(codeCachesOf('/x/run.cjs', word)).toEqual(['/x/run.cache']);
    expect(codeCachesOf('/x/run.cjs', 'save')).toEqual(['/x/run.save.cache', '/x/run.cache']);
  });

  it('is ASCII, which the loader does not decode', () => {
    const isAscii = (file: string): boolean => readFileSync(file).every((byte) => byte < 0x80);
    expect(bundles.map(isAscii)).toEqual([true, true, true]);
  });

  it.each([
    ['without a code cache', null],
    ['with a cache that is none', 'nonsense'],
  ])('works %s', (_, cache) => {
    const folder = mkdtempSync(join(tmpdir(), 'promptv-bundle-'));
    try {
      copyFileSync(`${dist}/cli/run.cjs`, join(folder, 'run.cjs'));
      if (cache !== null) writeFileSync(join(folder, 'run.cache'), cache);
      const { isCached, exports } = loadWithCodeCache(join(folder, 'run.cjs'));
      expect(isCached).toBe(false);
      expect(exports).toHaveProperty('run');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the completion of bash', () => {
  /** What Tab offers after a line; `promptv` is the built one. */
  const press = (line: string, setup = '') =>
    bash(`
      node=$0 binary=$1
      promptv() { "$node" "$binary" "$@"; }
      source <(promptv completion bash) || exit 1
      ${setup}
      COMP_LINE=${quote(line)} COMP_POINT=\${#COMP_LINE}
      _promptv
      printf '%s\\n' "\${COMPREPLY[@]}"
    `);
  const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

  it('is a script that bash can read', () => {
    const { stdout } = run('completion', 'bash');
    const { status, stderr } = spawnSync('bash', ['-n'], { input: stdout, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('complete -o default -F _promptv promptv');
  });

  it('offers commands, options and choices', () => {
    expect(press('promptv unsa').stdout).toBe('unsave\n');
    expect(press('promptv save --bu').stdout).toBe('--bump\n');
    expect(press('promptv completion ').stdout).toBe('bash\nzsh\nfish\n');
  });

  it('gives back only what follows a colon or at sign, as bash replaces only that', () => {
    const names = `promptv() { printf 'a:b@latest\\tx\\na:b@next\\tx\\n'; }`;
    expect(press('promptv show a:b@', names).stdout).toBe('latest\nnext\n');
    expect(press('promptv show a:b@', `${names}; COMP_WORDBREAKS=' '`).stdout).toBe('a:b@latest\na:b@next\n');
  });

  it('runs nothing that stands in the line', () => {
    const { stdout, stderr } = press('promptv save -m "$(echo ran >&2)" `echo ran >&2` --bu');
    expect(stderr).not.toContain('ran');
    expect(stdout).toBe('--bump\n');
  });
});
