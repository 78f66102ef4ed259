import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../src/operations/bundle.ts';
import { inWorkspace, saveIn } from '../helpers/in-workspace.ts';
import { promoteIn } from '../helpers/promote-in.ts';
import { createTempRepo, projectRoot, type TempRepo } from '../helpers/temp-repo.ts';

const prompt = 'extraction/invoice';

describe('without git and without a repository', () => {
  let repo: TempRepo;
  let elsewhere: string;
  let env: { PATH: string };
  beforeAll(async () => {
    repo = createTempRepo({ prompts: ['extraction'] });
    await saveIn(repo);
    await promoteIn(repo, { prompt, version: '1.0.0', environment: 'production' });
    elsewhere = join(repo.root, 'application');
    mkdirSync(join(elsewhere, 'node_modules'), { recursive: true });
    mkdirSync(join(elsewhere, 'bin'));
    symlinkSync(process.execPath, join(elsewhere, 'bin', 'node'));
    symlinkSync(projectRoot, join(elsewhere, 'node_modules', 'promptv'));
    env = { PATH: join(elsewhere, 'bin') };
    const output = join(elsewhere, 'prompts.json');
    await inWorkspace(repo, (workspace) => bundle(workspace, { output }));
  });
  afterAll(() => repo.remove());

  const promptv = (...args: string[]) => repo.promptv(args, { cwd: elsewhere, env });
  const values = ['--var', 'locale=de-DE', '--var', 'invoiceText=Invoice 7: 12 EUR'];
  const reading = ['get', prompt, '--env', 'production', '--bundle', 'prompts.json'];

  it('get answers from a bundle, and says that git is missing where it needs git', async () => {
    const run = await promptv(...reading, ...values, '--json');
    expect(run.stderr).toBe('');
    expect(run.json()).toMatchObject({ ok: true, prompt, version: '1.0.0', source: 'bundle', variant: null });
    const text = await promptv(...reading, ...values);
    expect(text.stdout).toContain('Invoice 7: 12 EUR');
    const fromGit = await promptv('get', prompt, '--env', 'production', '--json');
    expect([fromGit.exitCode, fromGit.error().code]).toEqual([1, 'GIT_MISSING']);
  });

  it('verify holds the bundle against itself, and ends with 3 when it was changed', async () => {
    const run = await promptv('verify', 'prompts.json', '--json');
    expect([run.exitCode, run.json().checkedAgainst, run.json().findings]).toEqual([0, null, []]);
    const changed = readFileSync(join(elsewhere, 'prompts.json'), 'utf8').replace('invoice', 'voucher');
    writeFileSync(join(elsewhere, 'changed.json'), changed);
    const refused = await promptv('verify', 'changed.json', '--json');
    expect([refused.exitCode, refused.json().valid]).toEqual([3, false]);
    const read = await promptv('get', prompt, '--env', 'production', '--bundle', 'changed.json', '--json');
    expect([read.exitCode, read.error().code]).toEqual([2, 'BUNDLE_INVALID']);
  });

  it('the example in TypeScript answers from the package as it is built', async () => {
    const source = readFileSync(join(projectRoot, 'docs/examples/read-bundle.ts'), 'utf8');
    const script = join(elsewhere, 'read-bundle.mjs');
    writeFileSync(script, transformSync(source, { loader: 'ts' }).code);
    const run = await repo.node(script, ['prompts.json', 'production'], { cwd: elsewhere, env });
    expect([run.exitCode, run.stderr]).toEqual([0, '']);
    expect(run.json()).toMatchObject({ prompt, version: '1.0.0' });
    expect(run.stdout).toContain('Invoice 7: 12 EUR');
  });

  it('the example in Python answers the same', async () => {
    const script = join(projectRoot, 'docs/examples/read_bundle.py');
    const python = execFileSync('python3', [script, 'prompts.json', 'production'], {
      cwd: elsewhere,
      encoding: 'utf8',
    });
    const run = await promptv(...reading, ...values, '--json');
    const { version, contentHash, messages } = run.json();
    expect(JSON.parse(python)).toEqual({ prompt, version, contentHash, messages });
    const lines = readFileSync(script, 'utf8').split('\n').filter(Boolean);
    expect(lines.length).toBeLessThanOrEqual(10);
  });
});

describe('bundle in a repository', () => {
  it('writes to a file or to stdout, the same bytes, and names the file to check', async () => {
    const repo = createTempRepo({ prompts: ['extraction'] });
    try {
      await saveIn(repo);
      await promoteIn(repo, { prompt, version: '1.0.0', environment: 'production' });
      const run = await repo.promptv(['bundle', '--env', 'production', '-o', 'b.json']);
      expect(run.stdout).toContain('promptv verify b.json');
      const streamed = await repo.promptv(['bundle', '--env', 'production', '-o', '-']);
      expect(streamed.stdout).toBe(repo.read('b.json'));
      const verified = await repo.promptv(['verify', 'b.json']);
      expect([verified.exitCode, verified.stdout]).toEqual([0, expect.stringContaining('git has the same')]);
    } finally {
      repo.remove();
    }
  });
});
