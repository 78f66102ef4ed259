import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTempRepo, projectRoot, type TempRepo, withPathFirst } from '../helpers/temp-repo.ts';

const binary = join(projectRoot, 'bin', 'promptv.js');

const appearance = (path: string): Promise<void> =>
  new Promise((resolve) => {
    const watcher = watch(join(path, '..'), () => {
      if (!existsSync(path)) return;
      watcher.close();
      resolve();
    });
  });

describe('output', () => {
  let repo: TempRepo;
  const big = `content: "${'0123456789abcdef'.repeat(60_000)}"\n`;

  const bash = (line: string) => {
    const script = `set -o pipefail; promptv() { "$node" "$binary" "$@"; }; node=$0 binary=$1; ${line}`;
    const options = { cwd: repo.dir, env: repo.env, encoding: 'utf8', maxBuffer: 2 ** 24 } as const;
    return spawnSync('bash', ['--norc', '-c', script, process.execPath, binary], options);
  };

  beforeAll(async () => {
    repo = createTempRepo({ files: { 'prompts/big.yaml': big } });
    expect((await repo.promptv(['save', 'big'])).exitCode).toBe(0);
  });

  afterAll(() => repo.remove());

  it.each([
    'show big --raw',
    'show big --json',
    'render big',
    'log big',
    'diff big',
  ])('of promptv %s whose reader has seen enough ends well and quietly', (words) => {
    const { status, stderr } = bash(`promptv ${words} | head -c 1 > /dev/null`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('of nearly a megabyte arrives whole', async () => {
    const [raw, rendered] = await Promise.all([
      repo.promptv(['show', 'big', '--raw']),
      repo.promptv(['render', 'big']),
    ]);
    expect(raw.stdout === big).toBe(true);
    expect(rendered.stdout.length).toBe(960_001);
    const slow = bash('promptv show big --raw | { read -r -n 1; cat | wc -c; }');
    expect(Number(slow.stdout)).toBe(big.length - 1);
  });

  it.each(['>&-', '2>&-', '>&- 2>&-', '<&-'])('with a closed stream (%s) does not crash', (closed) => {
    const { status, stderr } = bash(`promptv list ${closed}`);
    expect(status).toBeLessThan(2);
    expect(stderr).not.toMatch(/at .*\.js:\d+|INTERNAL|This is a bug/);
  });
});

describe('Ctrl-C', () => {
  it.each([
    ['watch', 'production'],
    ['metrics', 'tail', '-f'],
  ])('ends promptv %s %s quietly, as it ends tail -f', async (...words) => {
    const line =
      '{"ts":"2026-01-01T00:00:00.000Z","prompt":"a","version":"1.0.0","metrics":{"latency_ms":1}}\n';
    const repo = createTempRepo({
      files: {
        '.promptrc.yaml': 'environments: [{ name: production }]\n',
        '.promptv/metrics/2026-01-01.jsonl': line,
      },
    });
    try {
      const child = spawn(process.execPath, [binary, ...words], { cwd: repo.dir, env: repo.env });
      let said = '';
      child.stderr.on('data', (chunk) => {
        said += chunk;
      });
      const ended = new Promise((resolve) => child.on('exit', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      child.kill('SIGINT');
      expect([await ended, said]).toEqual([130, '']);
    } finally {
      repo.remove();
    }
  });
});

describe('Ctrl-C under --monitor', () => {
  it('ends the watching with what is known: the promotion is done', async () => {
    const repo = createTempRepo({
      files: {
        '.promptrc.yaml':
          'environments: [{ name: production, autoApprove: true }]\nnotify: { log: { type: file, file: events.jsonl } }\n',
        'prompts/a.yaml': 'content: a\n',
      },
    });
    try {
      expect((await repo.promptv(['save'])).exitCode).toBe(0);
      const told = appearance(join(repo.dir, 'events.jsonl'));
      const words = ['promote', 'a', '--env', 'production', '--notify', '--monitor', '10m', '--json'];
      const child = spawn(process.execPath, [binary, ...words], { cwd: repo.dir, env: repo.env });
      const output = { stdout: '', stderr: '' };
      child.stdout.on('data', (chunk) => {
        output.stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        output.stderr += chunk;
      });
      const ended = new Promise((resolve) => child.on('close', resolve));
      await told;
      child.kill('SIGINT');
      expect([await ended, output.stderr]).toEqual([3, '']);
      expect(JSON.parse(output.stdout)).toMatchObject({
        ok: true,
        version: '1.0.0',
        monitors: [{ prompt: 'a', version: '1.0.0', verdict: 'insufficient' }],
      });
    } finally {
      repo.remove();
    }
  });
});

describe('Ctrl-C while git is slow', () => {
  let repo: TempRepo;
  let env: Record<string, string>;
  let ready: string;

  beforeEach(() => {
    repo = createTempRepo({ files: { 'prompts/a.yaml': 'content: a\n' } });
    repo.write('prompts/a.yaml', 'content: changed\n');
    const bin = join(repo.root, 'bin');
    mkdirSync(bin);
    ready = join(bin, 'ready');
    const slow = `if [ "$1" = commit ]; then echo $$ > '${ready}.new'; mv '${ready}.new' '${ready}'; exec sleep 60; fi`;
    writeFileSync(
      join(bin, 'git'),
      `#!/bin/sh\n${slow}\nPATH=${JSON.stringify(repo.env.PATH)} exec git "$@"\n`,
    );
    chmodSync(join(bin, 'git'), 0o755);
    env = { ...repo.env, ...withPathFirst(repo.env, bin) };
  });

  afterEach(() => repo.remove());

  /** Starts a save, interrupts it while git commits, and tells how it ended. */
  const interrupt = async (whom: 'process' | 'group') => {
    const there = appearance(ready);
    const child = spawn(process.execPath, [binary, 'save', 'a', '--json'], {
      cwd: repo.dir,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      output.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.stderr += chunk;
    });
    const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
      child.on('exit', (code, signal) => resolve({ code, signal })),
    );
    await there;
    if (child.pid === undefined) throw new Error('not started');
    process.kill(whom === 'group' ? -child.pid : child.pid, 'SIGINT');
    const end = await ended;
    const git = Number(readFileSync(ready, 'utf8'));
    if (whom === 'process') process.kill(git, 'SIGKILL');
    return { ...output, ...end };
  };

  it.each([
    'process',
    'group',
  ] as const)('reaching the %s ends it with 130, and the next run does the work once', async (whom) => {
    const { stdout, stderr, code, signal } = await interrupt(whom);
    // Killed by the signal itself is 130 to every shell.
    expect(signal === 'SIGINT' ? 130 : code).toBe(130);
    expect(stdout).toBe('');
    const last = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '');
    expect(last.error).toMatchObject({ code: 'INTERRUPTED', hint: expect.stringContaining('again') });
    expect(repo.git('tag', '--list')).toBe('');
    const again = await repo.promptv(['save', 'a', '--json']);
    expect(again.exitCode).toBe(0);
    expect(again.json()).toMatchObject({ saved: [{ version: '1.0.0' }] });
    expect(repo.git('rev-list', '--count', 'HEAD')).toBe('2');
  });
});
