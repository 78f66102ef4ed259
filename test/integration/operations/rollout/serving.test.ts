import { FlagdCore } from '@openfeature/flagd-core';
import { afterEach, describe, expect, it } from 'vitest';
import { createClient } from '../../../../src/client.ts';
import { bundle } from '../../../../src/operations/bundle.ts';
import { exportFlags } from '../../../../src/operations/export.ts';
import { get } from '../../../../src/operations/get.ts';
import { log } from '../../../../src/operations/log.ts';
import { show } from '../../../../src/operations/show.ts';
import { inPlace, promoteIn } from '../../../helpers/delivery.ts';
import { codeOf } from '../../../helpers/in-workspace.ts';
import { atHour, beginIn, createRolloutRepo, verbIn } from '../../../helpers/rollout-in.ts';
import type { TempRepo } from '../../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const makeRepo = async (): Promise<TempRepo> => {
  const repo = await createRolloutRepo();
  repos.push(repo);
  await beginIn(repo);
  return repo;
};

const units = Array.from({ length: 300 }, (_, index) => `user-${index}`);

const getIn = (repo: TempRepo, request = {}) =>
  inPlace(repo, (workspace) => get(workspace, { prompt: 'greet', environment: 'production', ...request }));

const bundleIn = async (repo: TempRepo): Promise<object> =>
  JSON.parse((await inPlace(repo, (workspace) => bundle(workspace, { environments: ['production'] }))).raw);

describe('during a rollout', () => {
  it('units get a version by the weight, the same from git, a bundle and flagd, and keep it while it grows', async () => {
    const repo = await makeRepo();
    const client = await createClient({ bundle: await bundleIn(repo), environment: 'production' });
    const first = units.map((key) => client.get('greet', { key }));
    const candidates = first.filter(({ variant }) => variant === 'candidate');
    expect(candidates.length).toBeGreaterThan(15);
    expect(candidates.length).toBeLessThan(50);
    for (const { version, variant, reason, rollout } of first) {
      expect(version).toBe(variant === 'candidate' ? '1.0.1' : '1.0.0');
      expect([reason, rollout]).toEqual(['assigned', expect.stringMatching(/^r[0-9a-f]+$/)]);
    }
    for (const at of [0, 1, 2, 3, 4]) {
      const { version, variant, source } = await getIn(repo, { key: units[at] });
      expect({ version, variant, source }).toEqual({
        version: first[at]?.version,
        variant: first[at]?.variant,
        source: 'git',
      });
    }
    await verbIn(repo, 'promote');
    const grown = await createClient({ bundle: await bundleIn(repo), environment: 'production' });
    const second = units.map((key) => grown.get('greet', { key }).variant);
    expect(first.filter(({ variant }, at) => variant === 'candidate' && second[at] !== 'candidate')).toEqual(
      [],
    );
    expect(second.filter((variant) => variant === 'candidate').length).toBeGreaterThan(100);
    const flags = await inPlace(repo, (workspace) => exportFlags(workspace, { environment: 'production' }));
    expect(JSON.parse(flags.raw).flags.greet).toMatchObject({
      variants: { candidate: '1.0.1', stable: '1.0.0' },
      defaultVariant: 'stable',
    });
  });

  it('flagd gives 20,000 units the version that promptv gives them', async () => {
    const repo = await makeRepo();
    const client = await createClient({ bundle: await bundleIn(repo), environment: 'production' });
    const flags = await inPlace(repo, (workspace) => exportFlags(workspace, { environment: 'production' }));
    const silent = () => undefined;
    const flagd = new FlagdCore(undefined, { error: silent, warn: silent, info: silent, debug: silent });
    flagd.setConfigurations(flags.raw);
    const versionOf = (targetingKey: string) =>
      flagd.resolveStringEvaluation('greet', '', { targetingKey }).value;
    const keys = Array.from({ length: 20_000 }, (_, at) => `user-${at.toString(36)}@example.com`);
    expect(keys.filter((key) => versionOf(key) !== client.get('greet', { key }).version)).toEqual([]);
    expect(new Set(keys.map(versionOf))).toEqual(new Set(['1.0.0', '1.0.1']));
    expect(versionOf('')).toBe('1.0.0');
  });

  it('who has no key gets the stable version, and who previews the candidate', async () => {
    const repo = await makeRepo();
    expect(await getIn(repo)).toMatchObject({ version: '1.0.0', variant: 'stable', reason: 'no-key' });
    expect(await getIn(repo, { preview: true })).toMatchObject({ version: '1.0.1', reason: 'preview' });
  });

  it('the candidate has a name and a status of its own, until it is aborted', async () => {
    const repo = await makeRepo();
    const showIn = (ref: string) => inPlace(repo, (workspace) => show(workspace, { ref }));
    const statusOf = async () =>
      (await inPlace(repo, (workspace) => log(workspace, { name: 'greet' }))).versions[0]?.status;
    expect(await showIn('greet@candidate')).toMatchObject({ version: '1.0.1' });
    expect(await statusOf()).toBe('testing');
    await verbIn(repo, 'abort');
    expect(await codeOf(showIn('greet@candidate'))).toBe('CANDIDATE_NOT_FOUND');
    expect(await statusOf()).toBe('draft');
    expect(await getIn(repo, { key: units[0] })).toMatchObject({ version: '1.0.0', rollout: null });
  });

  it('a candidate that drifted is never served, also before a tick has seen it', async () => {
    const repo = await makeRepo();
    await promoteIn(repo, 'greet@1.0.0', {}, atHour(0));
    repo.git('tag', '-d', 'prompts/greet@1.0.1');
    for (const key of units.slice(0, 12))
      expect(await getIn(repo, { key })).toMatchObject({
        version: '1.0.0',
        rollout: null,
        warnings: [{ code: 'ROLLOUT_DRIFTED' }],
      });
    expect(await bundleIn(repo)).not.toHaveProperty('rollouts');
  });
});
