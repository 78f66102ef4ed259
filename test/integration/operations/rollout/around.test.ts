import { afterAll, describe, expect, it } from 'vitest';
import { createClient } from '../../../../src/client.ts';
import { annotate } from '../../../../src/operations/annotate.ts';
import { doctor } from '../../../../src/operations/doctor.ts';
import { showEnvironment } from '../../../../src/operations/env/show.ts';
import { list } from '../../../../src/operations/list.ts';
import { recordMetrics } from '../../../../src/operations/metrics/record.ts';
import { tickRollouts } from '../../../../src/operations/rollout/tick.ts';
import { status } from '../../../../src/operations/status.ts';
import { formatPromote } from '../../../../src/report/promote.ts';
import { inPlace, pointerOf, pointerPath, promoteIn } from '../../../helpers/delivery.ts';
import { atHour, beginIn, createRolloutRepo, tickIn, verbIn } from '../../../helpers/rollout-in.ts';
import type { TempRepo } from '../../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
const makeRepo = async (more = ''): Promise<TempRepo> => {
  const repo = await createRolloutRepo(more);
  repos.push(repo);
  return repo;
};
afterAll(() => {
  for (const repo of repos) repo.remove();
});

const rolloutFindings = async (repo: TempRepo) =>
  (await inPlace(repo, (workspace) => doctor(workspace, {}))).findings.filter(({ id }) =>
    /ROLLOUT|STATE_INVALID/.test(id),
  );

describe('the answer of what began a rollout', () => {
  const display = { color: false, columns: null, now: new Date(0) };

  it('carries it on as it was begun, with a push or without', async () => {
    for (const remote of [true, false]) {
      const repo = await createRolloutRepo('', { remote });
      repos.push(repo);
      const lines = formatPromote(await beginIn(repo, { push: remote }), display).split('\n');
      const carryOn = `Carry it on: promptv rollout run greet --env production${remote ? ' --push' : ''}`;
      expect(lines.filter((line) => /^(?:Carry|Preview) it/.test(line))).toEqual([carryOn]);
    }
  });

  it('says how a switch, which nobody gets before it, is tried out', async () => {
    const repo = await makeRepo();
    const begun = await promoteIn(repo, 'greet@1.0.1', { strategy: 'blue-green' }, atHour(0));
    expect(formatPromote(begun, display)).toContain(
      '\nPreview it:  promptv get greet --env production --preview\nCarry it on: ',
    );
  });
});

describe('a rollout under way', () => {
  it('is shown where prompts and environments are, with its candidate and weight', async () => {
    const repo = await makeRepo();
    const before = await inPlace(repo, (workspace) => list(workspace, {}));
    expect(before.prompts.map(({ rollouts }) => rollouts)).toEqual([{}]);
    await beginIn(repo);
    const share = { candidate: '1.0.1', weight: 10, state: 'running' };
    for (const _ of ['first', 'from the cache']) {
      const { prompts } = await inPlace(repo, (workspace) => list(workspace, {}));
      expect(prompts.map(({ rollouts }) => rollouts)).toEqual([{ production: share }]);
    }
    const show = (at?: string) =>
      inPlace(repo, (workspace) => showEnvironment(workspace, { environment: 'production', at }));
    expect((await show()).prompts).toMatchObject([{ version: '1.0.0', rollout: share }]);
    expect((await show('2026-02-28T12:00:00Z')).prompts).toMatchObject([{ version: '1.0.0', rollout: null }]);
  });

  it('is shown by status, of the prompts asked for, and a damaged pointer is named', async () => {
    const repo = await makeRepo();
    const statusOf = (...names: string[]) => inPlace(repo, (workspace) => status(workspace, { names }));
    expect((await statusOf()).rollouts).toEqual([]);
    repo.write('prompts/other.yaml', 'content: Another.\n');
    await beginIn(repo);
    const shown = { prompt: 'greet', environment: 'production', step: 1, weight: 10, state: 'running' };
    expect((await statusOf()).rollouts).toMatchObject([shown]);
    expect((await statusOf('prompts/greet.yaml')).rollouts).toMatchObject([shown]);
    expect((await statusOf('other')).rollouts).toEqual([]);
    repo.write(pointerPath('greet'), '{"rollout": 1}\n');
    repo.git('commit', '-qam', 'Break it');
    const { rollouts, warnings } = await statusOf();
    expect(rollouts).toEqual([]);
    expect(warnings).toEqual([{ code: 'STATE_INVALID', message: expect.stringContaining('greet.json') }]);
  });

  it('shows its candidate to a client that previews', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    const client = await createClient({ cwd: repo.dir, environment: 'production' });
    expect(client.get('greet')).toMatchObject({ version: '1.0.0', variant: 'stable', reason: 'no-key' });
    expect(client.get('greet', { preview: true })).toMatchObject({
      version: '1.0.1',
      variant: 'candidate',
      reason: 'preview',
    });
  });

  it('is named by doctor when its candidate is archived or its tag is gone', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    expect(await rolloutFindings(repo)).toEqual([]);
    const mark = (name: 'archived' | 'none') =>
      inPlace(repo, (workspace) => annotate(workspace, { ref: 'greet@1.0.1', text: 'Wrong', mark: name }));
    await mark('archived');
    expect(await rolloutFindings(repo)).toEqual([
      expect.objectContaining({
        id: 'ROLLOUT_DRIFTED',
        message: expect.stringContaining('nobody gets: greet@1.0.1 is archived'),
        fix: expect.stringContaining('promptv rollout abort greet --env production'),
      }),
    ]);
    await mark('none');
    expect(await rolloutFindings(repo)).toEqual([]);
    repo.git('tag', '-d', 'prompts/greet@1.0.1');
    expect(await rolloutFindings(repo)).toEqual([
      expect.objectContaining({ id: 'ROLLOUT_DRIFTED', message: expect.stringContaining('greet@1.0.1') }),
    ]);
  });

  it('is named by doctor and by list when its record is damaged', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    const state = JSON.parse(repo.git('show', `HEAD:${pointerPath()}`));
    repo.write(pointerPath(), `${JSON.stringify({ ...state, rollout: { id: 'r1' } }, null, 2)}\n`);
    repo.git('commit', '--quiet', '-am', 'Damage it');
    expect(await rolloutFindings(repo)).toEqual([expect.objectContaining({ id: 'STATE_INVALID' })]);
    const { warnings } = await inPlace(repo, (workspace) => list(workspace, {}));
    expect(warnings).toMatchObject([{ code: 'STATE_INVALID' }]);
  });
});

describe('a tick of all rollouts', () => {
  it('is not kept from one by another that cannot be ticked, and says both', async () => {
    const repo = await makeRepo();
    const begin = { environment: 'staging', strategy: 'quick' };
    await promoteIn(repo, 'greet@1.0.0', { environment: 'staging' }, atHour(-24));
    await beginIn(repo, { rollout: { gates: [] } });
    await promoteIn(repo, 'greet@1.0.1', { ...begin, rollout: { gates: [] } }, atHour(0));
    repo.write('.promptrc.yaml', repo.read('.promptrc.yaml').replace('name: production', 'name: elsewhere'));
    await expect(inPlace(repo, (workspace) => tickRollouts(workspace, {}), atHour(2))).rejects.toMatchObject({
      code: 'ENVIRONMENT_NOT_FOUND',
      message: expect.stringMatching(/production\b.* The other rollouts: greet in staging: advanced\.$/),
    });
    expect(pointerOf(repo, 'greet', { environment: 'staging' }).rollout).toMatchObject({ weight: 25 });
  });
});

describe('retry', () => {
  it('is refused by what would refuse the promotion by now, and taken when that is over', async () => {
    const repo = await makeRepo();
    await beginIn(repo);
    await verbIn(repo, 'abort', { hour: 1 });
    const config = repo.read('.promptrc.yaml');
    repo.write(
      '.promptrc.yaml',
      config.replace(
        'name: production',
        'name: production\n    freeze: [{from: 2026-03-01, until: 2026-03-02}]',
      ),
    );
    await expect(verbIn(repo, 'retry', { hour: 2 })).rejects.toMatchObject({
      code: 'RETRY_REFUSED',
      exitCode: 3,
      message: expect.stringContaining('frozen'),
    });
    const retried = await verbIn(repo, 'retry', { hour: 48 });
    expect(retried.rollout).toMatchObject({ state: 'running', attempt: 2, weight: 10 });
  });
});

describe('a blue-green switch', () => {
  it('is let through by the newest tests of the very same content, where nobody previewed it', async () => {
    const repo = await makeRepo();
    await promoteIn(repo, 'greet@1.0.1', { strategy: 'blue-green', rollout: { holdMs: 0 } }, atHour(0));
    const { contentHash } = pointerOf(repo).rollout?.candidate ?? {};
    const testIn = (run: string, hour: number, latency: number, hash = contentHash) =>
      inPlace(
        repo,
        (workspace) =>
          recordMetrics(
            workspace,
            ['first', 'second'].map((name) => ({
              prompt: 'greet',
              case: name,
              status: 'success' as const,
              metrics: { passed: 1, latency_ms: latency },
              meta: { check: 'tests', contentHash: hash ?? '', run, cases: 2 },
            })),
            { allowUnknown: true },
          ),
        atHour(hour),
      );
    await testIn('other', 1, 100, 'sha256:other');
    expect(await tickIn(repo, 2)).toMatchObject({ outcome: 'waiting', changed: false });
    await testIn('good', 3, 400);
    const switched = await tickIn(repo, 4);
    expect(switched.checks.map(({ source, verdict }) => [source, verdict])).toEqual([
      ['tests', 'pass'],
      ['tests', 'pass'],
      ['tests', 'pass'],
    ]);
    expect(switched).toMatchObject({ outcome: 'advanced', rollout: { weight: 100 } });
    expect((await tickIn(repo, 5)).outcome).toBe('succeeded');
    expect(pointerOf(repo).current).toBe('1.0.1');
  });

  it('is aborted by tests that break a bound', async () => {
    const repo = await makeRepo();
    await promoteIn(repo, 'greet@1.0.1', { strategy: 'blue-green', rollout: { holdMs: 0 } }, atHour(0));
    const { contentHash = '' } = pointerOf(repo).rollout?.candidate ?? {};
    await inPlace(
      repo,
      (workspace) =>
        recordMetrics(
          workspace,
          [
            {
              prompt: 'greet',
              case: 'slow',
              status: 'success',
              metrics: { passed: 1, latency_ms: 900 },
              meta: { check: 'tests', contentHash, run: 'slow', cases: 1 },
            },
          ],
          { allowUnknown: true },
        ),
      atHour(1),
    );
    expect(await tickIn(repo, 2)).toMatchObject({ outcome: 'aborted', rollout: { stable: '1.0.0' } });
    expect(pointerOf(repo).current).toBe('1.0.0');
  });
});
