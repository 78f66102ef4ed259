import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client.ts';
import { type BundleRequest, bundle } from '../../src/operations/bundle.ts';
import { diff } from '../../src/operations/diff.ts';
import { type GetRequest, get, getFromBundle } from '../../src/operations/get.ts';
import { render } from '../../src/operations/render.ts';
import { show } from '../../src/operations/show.ts';
import { verify } from '../../src/operations/verify.ts';
import { codeOf, inWorkspace, saveIn } from '../helpers/in-workspace.ts';
import { withGitCounter } from '../helpers/kill-points.ts';
import { moveTag, promoteIn } from '../helpers/promote-in.ts';
import { createTempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const greet = (wording: string): string => `messages:
  - role: system
    content: |-
      {{> shared/tone}}
  - role: user
    content: "${wording} {{name}}, {{count}} times"
variables:
  - name: name
  - name: count
    type: integer
dependencies:
  shared/tone: ^1.0.0
jsonSchema:
  zebra: 1
  apple: 2
`;

/** greet@1.0.0 runs in production, 1.0.1 in staging; the partial has a newer version than both are pinned to. */
const createDeliveredRepo = async (): Promise<TempRepo> => {
  const repo = createTempRepo({
    files: {
      'prompts/greet.yaml': greet('Greet'),
      'prompts/shared/tone.yaml': 'content: Be kind.\n',
      'prompts/constructor.yaml': 'content: Build.\n',
      'prompts/idle.yaml': 'content: Never promoted.\n',
    },
  });
  await saveIn(repo);
  await promoteIn(repo, { prompt: 'greet', version: '1.0.0', environment: 'production' });
  await promoteIn(repo, { prompt: 'constructor', version: '1.0.0', environment: 'production' });
  repo.write('prompts/greet.yaml', greet('Welcome'));
  await saveIn(repo, { names: ['greet'] });
  await promoteIn(repo, { prompt: 'greet', version: '1.0.1', environment: 'staging' });
  repo.write('prompts/shared/tone.yaml', 'content: Be brief.\n');
  await saveIn(repo, { names: ['shared/tone'] });
  return repo;
};

const variables = { name: 'Ada', count: 2 };
const inProduction: GetRequest = { prompt: 'greet', environment: 'production', variables };
const getIn = (repo: TempRepo, request: GetRequest) =>
  inWorkspace(repo, (workspace) => get(workspace, request));
const bundleIn = (repo: TempRepo, request: BundleRequest = {}) =>
  inWorkspace(repo, (workspace) => bundle(workspace, request));
const verifyIn = (repo: TempRepo, file: string) =>
  inWorkspace(repo, (workspace) => verify(workspace, { file }));

describe('what an application reads', () => {
  let repo: TempRepo;
  let file: string;
  beforeAll(async () => {
    repo = await createDeliveredRepo();
    file = join(repo.root, 'prompts.bundle.json');
    await bundleIn(repo, { output: file });
  });
  afterAll(() => repo.remove());

  it('is the version that was promoted, with the partials it was pinned to', async () => {
    const answer = await getIn(repo, inProduction);
    expect(answer).toEqual({
      prompt: 'greet',
      version: '1.0.0',
      contentHash: expect.stringMatching(/^sha256:/),
      environment: 'production',
      experiment: null,
      rollout: null,
      variant: null,
      enrolled: false,
      reason: 'pointer',
      warnings: [],
      source: 'git',
      text: 'system:\nBe kind.\n\nuser:\nGreet Ada, 2 times',
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'Greet Ada, 2 times' },
      ],
    });
    expect(await getFromBundle(file, inProduction)).toEqual({ ...answer, source: 'bundle' });
    const inStaging = await getIn(repo, { ...inProduction, environment: 'staging' });
    expect([inStaging.version, inStaging.messages?.[1]?.content]).toEqual(['1.0.1', 'Welcome Ada, 2 times']);
  });

  it('converts texts by the declared type', async () => {
    const textVariables = { name: 'Ada', count: '2' };
    const answer = await getIn(repo, { prompt: 'greet', environment: 'production', textVariables });
    expect(answer.messages?.[1]?.content).toBe('Greet Ada, 2 times');
  });

  it('takes two git processes', async () => {
    const counter = withGitCounter(repo);
    await inWorkspace(repo, (workspace) => get(workspace, inProduction), { env: counter.env });
    expect(counter.calls()).toHaveLength(2);
  });

  const refusals: readonly (readonly [string, GetRequest])[] = [
    ['ENVIRONMENT_NOT_FOUND', { ...inProduction, environment: 'prodution' }],
    ['PROMPT_NOT_FOUND', { ...inProduction, prompt: 'great' }],
    ['ENVIRONMENT_EMPTY', { ...inProduction, prompt: 'constructor', environment: 'staging' }],
    ['VARIABLES_INVALID', { prompt: 'greet', environment: 'production' }],
    ['VARIABLES_INVALID', { ...inProduction, variables: { ...variables, more: 1 } }],
  ];
  it.each(refusals)('is refused with %s, the same from git and from a bundle', async (code, request) => {
    expect(await codeOf(getIn(repo, request))).toBe(code);
    expect(await codeOf(getFromBundle(file, request))).toBe(code);
  });

  it('suggests what a misspelt name may mean', async () => {
    await expect(getIn(repo, { ...inProduction, prompt: 'great' })).rejects.toThrow('Did you mean greet?');
    await expect(getIn(repo, { ...inProduction, environment: 'prod' })).rejects.toThrow('prod');
  });

  it('is what NAME@ENVIRONMENT names for show, render and diff', async () => {
    const shown = await inWorkspace(repo, (workspace) => show(workspace, { ref: 'greet@production' }));
    expect(shown.version).toBe('1.0.0');
    const rendered = await inWorkspace(repo, (workspace) =>
      render(workspace, { ref: 'greet@staging', variables }),
    );
    expect(rendered.version).toBe('1.0.1');
    const { diffs } = await inWorkspace(repo, (workspace) =>
      diff(workspace, { operands: ['greet', 'production', 'staging'] }),
    );
    expect(diffs.map(({ from, to }) => [from, to])).toEqual([['1.0.0', '1.0.1']]);
    const empty = inWorkspace(repo, (workspace) => show(workspace, { ref: 'idle@production' }));
    expect(await codeOf(empty)).toBe('ENVIRONMENT_EMPTY');
  });

  describe('a bundle', () => {
    it('has the same bytes for the same state', async () => {
      const again = await bundleIn(repo);
      expect(again.raw).toBe(repo.read(file));
      expect(again.file).toBeNull();
    });

    it('holds what runs and the partials it renders with, nothing else', async () => {
      const { prompts, environments, warnings } = await bundleIn(repo);
      expect(prompts).toEqual([
        { prompt: 'constructor', versions: ['1.0.0'] },
        { prompt: 'greet', versions: ['1.0.0', '1.0.1'] },
        { prompt: 'shared/tone', versions: ['1.0.0'] },
      ]);
      expect(environments).toEqual(['development', 'production', 'staging']);
      expect(warnings.map(({ message }) => message)).toEqual([
        'nothing of what is asked for runs in development',
      ]);
    });

    it('can be narrowed to environments and prompts', async () => {
      const { prompts } = await bundleIn(repo, { environments: ['staging'], prompts: ['gr*'] });
      expect(prompts.map(({ prompt, versions }) => [prompt, versions])).toEqual([
        ['greet', ['1.0.1']],
        ['shared/tone', ['1.0.0']],
      ]);
      expect(await codeOf(bundleIn(repo, { prompts: ['shared/*'] }))).toBe('PROMPT_NOT_FOUND');
      expect(await codeOf(bundleIn(repo, { environments: ['nowhere'] }))).toBe('ENVIRONMENT_NOT_FOUND');
    });

    it('keeps the order of keys that a model obeys', async () => {
      const { raw } = await bundleIn(repo);
      expect(raw).toMatch(/"zebra": 1,\s+"apple": 2/);
    });

    it('is not written in a dry run', async () => {
      const output = join(repo.root, 'dry.json');
      const result = await bundleIn(repo, { output, dryRun: true });
      expect(result.dryRun).toBe(true);
      expect(() => repo.read(output)).toThrow('ENOENT');
    });

    it('takes one process for all objects, however many prompts there are', async () => {
      const counter = withGitCounter(repo);
      await inWorkspace(repo, (workspace) => bundle(workspace, {}), { env: counter.env });
      const calls = counter.calls();
      expect(calls.filter((call) => String(call).includes('cat-file'))).toHaveLength(1);
      expect(calls.length).toBeLessThanOrEqual(5);
    });
  });

  describe('a client', () => {
    it('answers the same from git, from a file and from the parsed object', async () => {
      const sources = [{ cwd: repo.dir }, { bundle: file }, { bundle: JSON.parse(repo.read(file)) }];
      const answers = await Promise.all(
        sources.map(async (source) => {
          const client = await createClient({ ...source, environment: 'production' });
          expect(client.names()).toEqual(['constructor', 'greet']);
          expect(client.get('constructor').text).toBe('Build.');
          const { source: from, ...answer } = client.get('greet', { variables });
          return { from, answer };
        }),
      );
      expect(answers.map(({ from }) => from)).toEqual(['git', 'bundle', 'bundle']);
      expect(answers[1]?.answer).toEqual(answers[0]?.answer);
      expect(answers[2]?.answer).toEqual(answers[0]?.answer);
      expect(answers[0]?.answer).toMatchObject({ version: '1.0.0', commit: repo.git('rev-parse', 'HEAD') });
    });

    it('keeps serving what it has when a reload fails', async () => {
      const path = join(repo.root, 'reloaded.json');
      repo.write(path, repo.read(file));
      const client = await createClient({ bundle: path, environment: 'production' });
      repo.write(path, repo.read(file).replace('Greet', 'Insult'));
      expect(await codeOf(client.reload())).toBe('BUNDLE_INVALID');
      expect(client.get('greet', { variables }).version).toBe('1.0.0');
    });
  });

  it('verifies with and without git', async () => {
    expect(await verifyIn(repo, file)).toMatchObject({ valid: true, checkedAgainst: 'git', versionCount: 4 });
    expect(await verify(null, { file })).toMatchObject({ valid: true, checkedAgainst: null, findings: [] });
  });
});

describe('a version that is no longer what was promoted', () => {
  let repo: TempRepo;
  let file: string;
  beforeAll(async () => {
    repo = await createDeliveredRepo();
    file = join(repo.root, 'prompts.bundle.json');
    await bundleIn(repo, { output: file });
    // A decision after the bundle was made is no difference: it is held against its own commit.
    await promoteIn(repo, { prompt: 'constructor', version: '1.0.0', environment: 'staging' });
    expect((await verifyIn(repo, file)).findings).toEqual([]);
    moveTag(repo, 'greet', '1.0.0');
  });
  afterAll(() => repo.remove());

  it('is refused by get, by NAME@ENVIRONMENT and by bundle', async () => {
    expect(await codeOf(getIn(repo, inProduction))).toBe('VERSION_CHANGED');
    const shown = inWorkspace(repo, (workspace) => show(workspace, { ref: 'greet@production' }));
    expect(await codeOf(shown)).toBe('VERSION_CHANGED');
    expect(await codeOf(bundleIn(repo))).toBe('VERSION_CHANGED');
    expect(await codeOf(bundleIn(repo, { environments: ['staging'] }))).toMatchObject({
      answer: { environments: ['staging'] },
    });
  });

  it('is refused by a client, which goes on serving the others', async () => {
    const client = await createClient({ cwd: repo.dir, environment: 'production' });
    expect(() => client.get('greet', { variables })).toThrow('greet@1.0.0 is not what was saved');
    expect(client.get('constructor').text).toBe('Build.');
  });

  it('is still served by the bundle made before, and found by verify', async () => {
    expect((await getFromBundle(file, inProduction)).version).toBe('1.0.0');
    const { findings } = await verifyIn(repo, file);
    expect(findings).toMatchObject([{ id: 'VERSION_CHANGED', prompt: 'greet', version: '1.0.0' }]);
  });

  it('is refused when the tag was made anew with a record that fits its other text', async () => {
    repo.git('tag', '--delete', 'prompts/greet@1.0.0');
    repo.write('prompts/greet.yaml', greet('Insult'));
    const { saved } = await saveIn(repo, { names: ['greet'], setVersion: '1.0.0' });
    expect(saved.map(({ version }) => version)).toEqual(['1.0.0']);
    await expect(getIn(repo, inProduction)).rejects.toThrow('not the one that was promoted to production');
  });

  it('is refused when its tag is gone', async () => {
    repo.git('tag', '--delete', 'prompts/constructor@1.0.0');
    const request = { prompt: 'constructor', environment: 'production' };
    await expect(getIn(repo, request)).rejects.toMatchObject({
      code: 'VERSION_MISSING',
      hint: expect.stringContaining('git fetch --tags'),
    });
    expect(await codeOf(bundleIn(repo, { prompts: ['constructor'] }))).toBe('VERSION_MISSING');
    const { findings } = await verifyIn(repo, file);
    expect(findings).toContainEqual(
      expect.objectContaining({ id: 'VERSION_MISSING', prompt: 'constructor', version: '1.0.0' }),
    );
  });
});

describe('a damaged state file', () => {
  it('stops the bundle that needs it, and no other prompt', async () => {
    const repo = await createDeliveredRepo();
    try {
      const path = '.promptv/environments/production/greet.json';
      repo.write(path, repo.read(path).replace('"current": "1.0.0"', '"current": "9.0.0"'));
      repo.git('commit', '--quiet', '--all', '-m', 'Edit by hand');
      expect(await codeOf(getIn(repo, inProduction))).toBe('STATE_INVALID');
      expect(await codeOf(bundleIn(repo, { environments: ['production'] }))).toBe('STATE_INVALID');
      const narrowed = await bundleIn(repo, { environments: ['production'], prompts: ['constructor'] });
      expect(narrowed.prompts).toEqual([{ prompt: 'constructor', versions: ['1.0.0'] }]);
      const client = await createClient({ cwd: repo.dir, environment: 'production' });
      expect(client.get('constructor').text).toBe('Build.');
      expect(() => client.get('greet')).toThrow('greet.json');
    } finally {
      repo.remove();
    }
  });
});
