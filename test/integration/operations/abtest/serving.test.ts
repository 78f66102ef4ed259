import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient } from '../../../../src/client.ts';
import { assignUnit, bundle, doctor, get, log, verify } from '../../../../src/index.ts';
import { getFromBundle } from '../../../../src/operations/get.ts';
import { promoteIn, rollbackIn } from '../../../helpers/delivery.ts';
import {
  createIn,
  createTestedRepo,
  experimentFile,
  saltedDefinition,
  startIn,
  stopIn,
} from '../../../helpers/experiments.ts';
import { codeOf } from '../../../helpers/in-workspace.ts';
import { moveTag } from '../../../helpers/promote-in.ts';
import type { TempRepo } from '../../../helpers/temp-repo.ts';
import { call, workIn } from '../../../helpers/work-in.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});
const makeRepo = async ({ isStarted = true } = {}): Promise<TempRepo> => {
  const repo = await createTestedRepo();
  repos.push(repo);
  await createIn(repo, { definition: saltedDefinition });
  if (isStarted) await startIn(repo);
  return repo;
};

const units = Array.from({ length: 12 }, (_, at) => `user-${at}`);
const getIn = (repo: TempRepo, more: object = {}) =>
  call(repo, get, { prompt: 'greet', environment: 'production', ...more });

describe('a running experiment', () => {
  it('gives every unit the same from the command, the client and a bundle, with its provenance', async () => {
    const repo = await makeRepo();
    await call(repo, bundle, { output: 'b.json' });
    const file = join(repo.dir, 'b.json');
    const fromGit = await createClient({ cwd: repo.dir, environment: 'production' });
    const fromBundle = await createClient({ bundle: file, environment: 'production' });
    const seen = new Set<string>();
    for (const key of units) {
      const assigned = await call(repo, assignUnit, { id: 'tone', key });
      const { version, variant, enrolled, experiment, reason } = assigned;
      const expected = { version, variant, enrolled, experiment, reason };
      expect(expected).toMatchObject({ enrolled: true, experiment: 'tone', reason: 'assigned' });
      expect(await getIn(repo, { key })).toMatchObject(expected);
      const request = { prompt: 'greet', environment: 'production', key };
      expect(await getFromBundle(file, request)).toMatchObject(expected);
      for (const client of [fromGit, fromBundle])
        expect(client.get('greet', { key })).toMatchObject({
          ...expected,
          text: `greet, text ${version === '1.0.0' ? 1 : 2}`,
        });
      seen.add(variant ?? '');
    }
    expect([...seen].sort()).toEqual(['control', 'treatment']);
    expect(fromBundle.get('greet')).toMatchObject({ variant: 'control', enrolled: false, reason: 'no-key' });
    expect(await call(repo, verify, { file })).toMatchObject({ valid: true });
    expect(await codeOf(getIn(repo, { key: '' }))).toBe('UNIT_INVALID');
  });

  it('is over at once when the environment is rolled back or promoted', async () => {
    const repo = await makeRepo();
    await promoteIn(repo, 'greet@1.0.2');
    for (const key of units)
      expect(await getIn(repo, { key })).toMatchObject({ version: '1.0.2', experiment: null });
    expect(await call(repo, assignUnit, { id: 'tone', key: 'u' })).toMatchObject({ reason: 'displaced' });
    await rollbackIn(repo, 'greet');
    expect(await getIn(repo, { key: 'u' })).toMatchObject({ experiment: 'tone', enrolled: true });
  });

  it('never serves another content than was there at its start', async () => {
    const repo = await makeRepo();
    moveTag(repo, 'greet', '1.0.1');
    const answers = await Promise.all(units.map((key) => codeOf(getIn(repo, { key }))));
    expect(answers).toContain('VERSION_CHANGED');
    expect(answers.every((answer) => answer === 'VERSION_CHANGED' || typeof answer === 'object')).toBe(true);
  });

  it('makes its versions "testing", is found in a bundle that was changed, and by doctor when its tag is gone', async () => {
    const repo = await makeRepo();
    await call(repo, bundle, { output: 'b.json' });
    const { versions } = await call(repo, log, { name: 'greet' });
    expect(versions.map(({ version, status }) => `${version} ${status}`)).toEqual([
      '1.0.2 draft',
      '1.0.1 testing',
      '1.0.0 production',
    ]);
    repo.git('tag', '-d', 'prompts/greet@1.0.1');
    const { findings } = await call(repo, doctor, {});
    expect(findings).toContainEqual(expect.objectContaining({ id: 'VERSION_UNKNOWN', severity: 'error' }));
  });
});

describe('an experiment that does not run', () => {
  it('gives everybody what the environment runs while it is a draft, but for a preview', async () => {
    const repo = await makeRepo({ isStarted: false });
    const seen = new Set<string>();
    for (const key of units) {
      expect(await getIn(repo, { key })).toMatchObject({ version: '1.0.0', enrolled: false });
      const { variant, enrolled, reason } = await getIn(repo, { key, preview: true });
      expect({ enrolled, reason }).toEqual({ enrolled: false, reason: 'preview' });
      seen.add(variant ?? '');
    }
    expect(seen.size).toBe(2);
  });

  it('gives everybody the winner once it is concluded, until the pointer moves', async () => {
    const repo = await makeRepo();
    await stopIn(repo, { winner: 'treatment' });
    const winner = { version: '1.0.1', variant: 'treatment', enrolled: false, reason: 'concluded' };
    for (const key of ['a', undefined]) expect(await getIn(repo, { key })).toMatchObject(winner);
    await promoteIn(repo, 'greet@1.0.2');
    expect(await getIn(repo, { key: 'a' })).toMatchObject({ version: '1.0.2', experiment: null });
    await rollbackIn(repo, 'greet');
    expect(await getIn(repo, { key: 'a' })).toMatchObject({ version: '1.0.0', experiment: null });
  });

  it('does not keep others from being served when its file is damaged', async () => {
    const repo = await makeRepo();
    repo.write(experimentFile, `${repo.read(experimentFile)}nonsense: greet\n`);
    repo.git('commit', '--quiet', '-am', 'Break it');
    const answer = await getIn(repo, { key: 'a' });
    expect(answer).toMatchObject({ version: '1.0.0', experiment: null });
    expect(answer.warnings).toMatchObject([{ code: 'EXPERIMENT_INVALID' }]);
    const { findings } = await workIn(repo, (workspace) => doctor(workspace, {}));
    expect(findings).toContainEqual(expect.objectContaining({ id: 'EXPERIMENT_INVALID' }));
  });
});

describe('a bundle', () => {
  it('is told from what was committed when its experiment was changed', async () => {
    const repo = await makeRepo();
    const { raw } = await call(repo, bundle, {});
    const { makeBundle } = await import('../../../../src/core/bundle/format-bundle.ts');
    const changed = JSON.parse(raw.replace('"weight": 50', '"weight": 51'));
    repo.write('b.json', JSON.stringify(makeBundle(changed)));
    const { findings } = await call(repo, verify, { file: join(repo.dir, 'b.json') });
    expect(findings).toMatchObject([
      { id: 'EXPERIMENT_CHANGED', environment: 'production', prompt: 'greet' },
    ]);
  });
});
