import { afterEach, describe, expect, it } from 'vitest';
import { isPromptvError } from '../../../../src/errors.ts';
import { audit, listExperiments, showExperiment } from '../../../../src/index.ts';
import { pointerOf, promoteIn } from '../../../helpers/delivery.ts';
import {
  createIn,
  createTestedRepo,
  definition,
  experimentFile,
  startIn,
  stopIn,
} from '../../../helpers/experiments.ts';
import { codeOf, promptText, saveIn } from '../../../helpers/in-workspace.ts';
import type { TempRepo } from '../../../helpers/temp-repo.ts';
import { call } from '../../../helpers/work-in.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});
const makeRepo = async (files?: Record<string, string>): Promise<TempRepo> => {
  const repo = await createTestedRepo(files ? { files } : {});
  repos.push(repo);
  return repo;
};

const show = (repo: TempRepo) => call(repo, showExperiment, { id: 'tone' });
const committed = (repo: TempRepo): string => repo.git('show', `HEAD:${experimentFile}`);
const filesOf = (repo: TempRepo): string[] =>
  repo.git('show', '--name-only', '--format=', 'HEAD').split('\n').sort();
const at = (moment: string) => ({ now: () => new Date(moment) });

const variants =
  'variants:\n  - { name: control, version: 1.0.0 } # as it is\n  - name: treatment\n    version: 1.0.1\n';

describe('creating an experiment', () => {
  it('writes one file in one commit, and nothing when it is defined like this already', async () => {
    const repo = await makeRepo();
    const { experiment, commit, unchanged } = await createIn(repo);
    expect({ state: experiment.state, unchanged }).toEqual({ state: 'draft', unchanged: false });
    expect(experiment.salt).toMatch(/^tone-[0-9a-f]{12}$/);
    expect(filesOf(repo)).toEqual([experimentFile]);
    expect(await createIn(repo)).toMatchObject({ unchanged: true, commit: null, experiment });
    expect(repo.git('rev-parse', 'HEAD')).toBe(commit);
    expect((await show(repo)).experiment).toEqual(experiment);
    expect(await codeOf(createIn(repo, { id: 'Bad Id' }))).toBe('EXPERIMENT_ID_INVALID');
    expect(await codeOf(createIn(repo, { definition: { ...definition, alpha: 0.1 } }))).toBe(
      'EXPERIMENT_EXISTS',
    );
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  it('changes nothing in a dry run', async () => {
    const repo = await makeRepo();
    const before = repo.git('rev-parse', 'HEAD');
    expect(await createIn(repo, { dryRun: true })).toMatchObject({ dryRun: true, commit: null });
    expect(repo.git('rev-parse', 'HEAD')).toBe(before);
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  it('keeps the text of a file, comments and all, and adds its own keys', async () => {
    const repo = await makeRepo();
    const text = `# Why we test\nprompt: greet\n${variants}mde: 5% # small\n`;
    repo.write('tone.yaml', text);
    await createIn(repo, { file: 'tone.yaml' });
    expect(committed(repo)).toMatch(/^salt: [0-9a-f]{12}\nstate: draft$/m);
    expect(`${committed(repo)}\n`.startsWith(text)).toBe(true);
  });

  it('names everything that is wrong at once, with its place', async () => {
    const repo = await makeRepo();
    repo.write('prompts/greet.yaml', promptText('Hi {{tone}}'));
    await saveIn(repo);
    repo.write(
      'tone.yaml',
      'prompt: greet\nenvironment: productio\nvariants:\n  - { name: control, version: 1.0.0 }\n' +
        '  - { name: other, version: 1.0.9 }\n  - { name: third, version: 2.0.0, weight: 0 }\nmetrics: [{ name: quality }]\n',
    );
    const error: unknown = await createIn(repo, { file: 'tone.yaml' }).catch((thrown: unknown) => thrown);
    expect(isPromptvError(error) && [error.code, error.hint.replace('Correct ', '').split('; tone')]).toEqual(
      [
        'EXPERIMENT_INVALID',
        [
          'tone.yaml:2:1: environment is no environment of the configuration: productio; did you mean production?',
          '.yaml:5:20: variants.1.version cannot be tested: The prompt greet has no version 1.0.9. Did you mean 1.0.2 or 2.0.0?',
          '.yaml:6:20: variants.2.version is not for the same callers: between the control and it variables.tone is added (major)',
          '.yaml:6:36: variants.2.weight must be a whole number from 1',
          '.yaml:7:11: metrics.0.direction is missing',
        ],
      ],
    );
  });

  it('names a prompt that was misspelt', async () => {
    const repo = await makeRepo();
    const error: unknown = await createIn(repo, { definition: { ...definition, prompt: 'gret' } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(isPromptvError(error) && error.hint).toContain('Did you mean greet?');
  });
});

describe('starting an experiment', () => {
  it('writes down what the file was silent about and the content of every version, and keeps the rest', async () => {
    const repo = await makeRepo();
    repo.write(experimentFile, `# Ours\nprompt: greet\n${variants}`);
    repo.git('add', experimentFile);
    repo.git('commit', '--quiet', '-m', 'Define by hand');
    const { experiment, outcome, commit } = await startIn(repo, {}, at('2026-01-02T03:04:05Z'));
    expect(outcome).toBe('started');
    expect(committed(repo)).toContain(
      '# Ours\nprompt: greet\nvariants:\n  - { name: control, version: 1.0.0',
    );
    expect(committed(repo)).toContain('# as it is');
    expect(committed(repo)).toContain('maxDuration: 7d');
    expect(experiment).toMatchObject({ state: 'running', startedAt: '2026-01-02T03:04:05.000Z' });
    expect(experiment.variants.map(({ contentHash }) => contentHash?.slice(0, 7))).toEqual([
      'sha256:',
      'sha256:',
    ]);
    expect(await startIn(repo)).toMatchObject({ outcome: 'unchanged', commit: null });
    expect(repo.git('rev-parse', 'HEAD')).toBe(commit);
  });

  it('opens a new phase for other weights, asked for or written into the file', async () => {
    const repo = await makeRepo();
    await createIn(repo);
    await startIn(repo);
    const asked = await startIn(repo, { weights: { treatment: 150 } });
    expect(asked).toMatchObject({ outcome: 'phase', warnings: [{ code: 'NEW_PHASE' }] });
    expect(asked.experiment.phases.map(({ weights }) => weights.treatment)).toEqual([50, 150]);
    repo.write(experimentFile, `${committed(repo).replace('weight: 150', 'weight: 300')}\n`);
    repo.git('commit', '--quiet', '-am', 'More');
    expect((await startIn(repo)).experiment.phases.map(({ weights }) => weights.treatment)).toEqual([
      50, 150, 300,
    ]);
    expect(await codeOf(startIn(repo, { weights: { treatmint: 1 } }))).toBe('VARIANT_NOT_FOUND');
  });

  it('refuses where the environment runs another version than the control, or another test runs', async () => {
    const repo = await makeRepo();
    await createIn(repo);
    await createIn(repo, { id: 'second' });
    await startIn(repo);
    expect(await codeOf(startIn(repo, { id: 'second' }))).toBe('EXPERIMENT_CONFLICT');
    await stopIn(repo);
    expect(await codeOf(startIn(repo))).toBe('EXPERIMENT_STATE');
    await promoteIn(repo, 'greet@1.0.2');
    expect(await codeOf(startIn(repo, { id: 'second' }))).toBe('CONTROL_NOT_RUNNING');
  });
});

describe('stopping an experiment', () => {
  const running = async (files?: Record<string, string>) => {
    const repo = await makeRepo(files);
    await createIn(repo);
    await startIn(repo);
    return repo;
  };

  it('keeps the decision in the file, and does nothing twice', async () => {
    const repo = await running();
    const { experiment, commit } = await stopIn(repo, { reason: 'Complaints' });
    expect(experiment).toMatchObject({
      state: 'stopped',
      decision: { winner: null, reason: 'Complaints', by: 'Test Author <author@example.com>' },
    });
    expect(await stopIn(repo)).toMatchObject({ unchanged: true, commit: null });
    expect(repo.git('rev-parse', 'HEAD')).toBe(commit);
    expect(await codeOf(stopIn(repo, { winner: 'tretment' }))).toBe('VARIANT_NOT_FOUND');
    expect((await stopIn(repo, { winner: 'treatment' })).experiment.state).toBe('concluded');
    expect(await codeOf(stopIn(repo))).toBe('EXPERIMENT_STATE');
  });

  it('promotes the winner in the same commit', async () => {
    const repo = await running();
    const { promotion } = await stopIn(repo, { winner: 'treatment', promote: 'production' });
    expect(promotion).toMatchObject({ version: '1.0.1', previousVersion: '1.0.0', unchanged: false });
    expect(filesOf(repo)).toEqual(['.promptv/environments/production/greet.json', experimentFile]);
    expect(pointerOf(repo).current).toBe('1.0.1');
    expect(await stopIn(repo, { winner: 'treatment', promote: 'production' })).toMatchObject({
      unchanged: true,
      commit: null,
    });
  });

  it('changes nothing when a gate says no', async () => {
    const config =
      'environments:\n  - name: staging\n  - { name: production, freeze: [{ from: 2999-01-01 }], from: null }\n  - { name: live, from: staging }\n';
    const repo = await running({
      '.promptrc.yaml': config.replace('  - { name: live, from: staging }\n', ''),
    });
    repo.write('.promptrc.yaml', config.replace('2999-01-01', '2020-01-01'));
    repo.git('commit', '--quiet', '-am', 'Freeze');
    const before = repo.git('rev-parse', 'HEAD');
    const result = await stopIn(repo, { winner: 'treatment', promote: 'production' });
    expect(result).toMatchObject({ refused: true, commit: null, experiment: { state: 'running' } });
    expect(repo.git('rev-parse', 'HEAD')).toBe(before);
    expect(repo.git('status', '--porcelain')).toBe('');
  });
});

describe('the audit trail', () => {
  it('says who defined, started, weighed and ended an experiment, and what was edited by hand', async () => {
    const repo = await makeRepo();
    await createIn(repo);
    await startIn(repo);
    await startIn(repo, { weights: { treatment: 150 } });
    repo.write(experimentFile, `${committed(repo)}\n# a note\n`);
    repo.git('commit', '--quiet', '-am', 'Note it');
    await stopIn(repo, { winner: 'treatment', reason: 'Better' });
    const { entries } = await call(repo, audit, { name: 'greet' });
    const found = entries.filter(({ what }) => what === 'experiment' || what === 'edit');
    expect(found.map(({ what, prompt, why }) => [what, prompt, why]).sort()).toEqual([
      ['edit', 'greet', `${experimentFile}: Note it`],
      ['experiment', 'greet', 'tone: concluded, treatment wins, Better'],
      ['experiment', 'greet', 'tone: defined, draft'],
      ['experiment', 'greet', 'tone: running'],
      ['experiment', 'greet', 'tone: weights control 50, treatment 150'],
    ]);
  });
});

describe('listing experiments', () => {
  it('shows how each stands, and warns of a damaged file', async () => {
    const repo = await makeRepo();
    await createIn(repo);
    await startIn(repo, {}, at('2026-01-01T00:00:00Z'));
    repo.write('.promptv/experiments/broken.yaml', 'prompt: [\n');
    repo.git('add', '.promptv');
    repo.git('commit', '--quiet', '-m', 'Break one');
    const listed = await call(repo, listExperiments, {}, at('2026-02-01T00:00:00Z'));
    expect(listed.experiments).toMatchObject([{ id: 'tone', state: 'running', condition: 'expired' }]);
    expect(listed.warnings).toMatchObject([{ code: 'EXPERIMENT_INVALID' }]);
    expect(await codeOf(call(repo, showExperiment, { id: 'tune' }))).toBe('EXPERIMENT_NOT_FOUND');
  });
});
