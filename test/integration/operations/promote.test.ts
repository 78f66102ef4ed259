import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { formatPromote } from '../../../src/report/promote.ts';
import { makeKeys } from '../../helpers/approvals.ts';
import {
  createDeliveryRepo,
  environmentsConfig,
  pointerOf,
  pointerPath,
  promoteIn,
  versionsRun,
} from '../../helpers/delivery.ts';
import { codeOf, gitState, promptText, saveIn } from '../../helpers/in-workspace.ts';
import { withGitCounter } from '../../helpers/kill-points.ts';
import { snapshot } from '../../helpers/snapshot.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
const make = async (options: Parameters<typeof createDeliveryRepo>[0] = {}): Promise<TempRepo> => {
  const repo = await createDeliveryRepo(options);
  repos.push(repo);
  return repo;
};
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

const me = 'Test Author <author@example.com>';
const now = () => new Date('2026-03-01T12:00:00.000Z');
const display = { color: false, columns: null, now: now(), unicode: true };

describe('a promotion', () => {
  it('moves the pointer in one commit of that file and records who, what, when and why', async () => {
    const repo = await make();
    const before = gitState(repo);
    const result = await promoteIn(repo, 'greet', { reason: 'Ready.' }, { now });
    const [promotion] = result.promotions;
    expect(result).toMatchObject({ refused: false, pushed: false, dryRun: false, warnings: [] });
    expect(result.commit).toBe(repo.git('rev-parse', 'HEAD'));
    const deployment = {
      id: expect.stringMatching(/^1-[0-9a-f]{12}$/),
      action: 'promote',
      version: '1.0.2',
      previousVersion: null,
      contentHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      at: '2026-03-01T12:00:00.000Z',
      by: me,
      reason: 'Ready.',
      approvals: [],
      ci: null,
    };
    expect(promotion).toEqual({
      prompt: 'greet',
      environment: 'production',
      version: '1.0.2',
      previousVersion: null,
      unchanged: false,
      deployment: { ...deployment, trigger: null, triggeredBy: null, undoes: null },
      rollout: null,
      samples: [],
      gates: expect.any(Array),
    });
    expect(pointerOf(repo)).toEqual({
      schemaVersion: 1,
      prompt: 'greet',
      environment: 'production',
      current: '1.0.2',
      deployments: [deployment],
    });
    expect(repo.git('show', '--name-only', '--format=', 'HEAD')).toBe(pointerPath());
    expect(gitState(repo).replace(/.*\.promptv.*\n/, '')).toBe(before);
    expect(repo.git('log', '-1', '--format=%B').trim().split('\n')).toEqual([
      'Promote greet 1.0.2 to production',
      '',
      'Ready.',
      '',
      `Prompt-Decision: promote greet@1.0.2 in production as ${promotion?.deployment?.id}`,
    ]);
  });

  it('of a version that runs already does nothing, whatever the reason', async () => {
    const repo = await make();
    const first = await promoteIn(repo, 'greet@1.0.0');
    const state = snapshot(repo);
    const again = await promoteIn(repo, 'greet@1.0.0', { reason: 'Again.' });
    expect(again).toMatchObject({ commit: null, promotions: [{ unchanged: true, gates: [] }] });
    expect(again.promotions[0]?.deployment).toEqual(first.promotions[0]?.deployment);
    expect(snapshot(repo)).toEqual(state);
    expect(formatPromote(again, display)).toBe('greet 1.0.0 runs in production already.');
  });

  it('of several versions is one commit, and one unknown name stops them all', async () => {
    const repo = await make({ names: ['greet', 'tone', 'shared/voice'], versions: 2 });
    const state = snapshot(repo);
    expect(await codeOf(promoteIn(repo, ['greet', 'tone', 'nobody']))).toBe('PROMPT_NOT_FOUND');
    expect(await codeOf(promoteIn(repo, ['greet', 'greet@1.0.0']))).toBe('REF_INVALID');
    expect(await codeOf(promoteIn(repo, ['greet@working']))).toBe('REF_UNSAVED');
    expect(snapshot(repo)).toEqual(state);
    await promoteIn(repo, 'tone');
    const result = await promoteIn(repo, ['greet@1.0.0', 'tone', 'shared/voice', 'greet@1.0.0']);
    expect(result.promotions.map(({ prompt, unchanged }) => [prompt, unchanged])).toEqual([
      ['greet', false],
      ['tone', true],
      ['shared/voice', false],
    ]);
    expect(repo.git('show', '--name-only', '--format=', 'HEAD').split('\n')).toEqual([
      pointerPath('greet'),
      pointerPath('shared/voice'),
    ]);
    expect(repo.git('log', '-1', '--format=%s')).toBe('Promote 2 prompts to production');
  });

  it('takes the version that another environment runs, and knows which one that is', async () => {
    const repo = await make();
    await promoteIn(repo, 'greet@1.0.1', { environment: 'staging' });
    await promoteIn(repo, 'greet@staging');
    expect(versionsRun(repo)).toEqual(['1.0.1']);
  });

  it('touches no other file, staged change or branch', async () => {
    const repo = await make({ files: { 'notes.txt': 'head\n' } });
    repo.write('notes.txt', 'disk\n');
    repo.write('staged.txt', 'staged\n');
    repo.write('.promptv/environments/production/other.json', 'mine\n');
    repo.git('add', 'staged.txt');
    repo.git('branch', 'other');
    repo.write('prompts/greet.yaml', promptText('unsaved'));
    await promoteIn(repo, 'greet');
    expect(repo.git('status', '--porcelain', '--untracked-files=all').split('\n')).toEqual([
      ' M notes.txt',
      ' M prompts/greet.yaml',
      'A  staged.txt',
      '?? .promptv/environments/production/other.json',
    ]);
    expect(repo.git('rev-parse', 'other')).toBe(repo.git('rev-parse', 'HEAD^'));
  });

  it.each([
    'gradual',
    'canary',
    'blue-green',
  ])('by the strategy %s is at once where nothing runs', async (strategy) => {
    const repo = await make({
      versions: 1,
      files: environmentsConfig(`  - name: production\n    strategy: ${strategy}\n`),
    });
    expect(await codeOf(promoteIn(repo, 'greet', { strategy }))).toBe('ROLLOUT_NEEDS_STABLE');
    const { promotions, warnings } = await promoteIn(repo, 'greet');
    expect(promotions[0]).toMatchObject({ rollout: null, deployment: { version: '1.0.0' } });
    expect(warnings.map(({ code }) => code)).toEqual(['ROLLOUT_FIRST']);
  });

  it('in a dry run tells the same and changes nothing', async () => {
    const repo = await make();
    const state = snapshot(repo);
    const dry = await promoteIn(repo, 'greet', { dryRun: true, push: true }, { now });
    expect(snapshot(repo)).toEqual(state);
    const real = await promoteIn(repo, 'greet', {}, { now });
    expect(dry).toEqual({ ...real, dryRun: true, commit: null });
  });

  it('needs at most 8 git processes', async () => {
    const repo = await make();
    for (const ref of ['greet@1.0.0', 'greet@1.0.1']) {
      const counter = withGitCounter(repo);
      await promoteIn(repo, ref, {}, { env: counter.env });
      expect(counter.calls()).toContainEqual(expect.stringMatching(/^commit /));
      expect(counter.calls().length).toBeLessThanOrEqual(8);
    }
  });
});

const hostileReasons: Record<string, string> = {
  'several lines and quotes': 'First "line"\n\nsecond: \'line\'\n\ttabbed',
  YAML: '- a: &x [1, *x]\n# comment\n---\n...\n',
  'lines like trailers':
    'Because.\n\nSigned-off-by: Mallory <m@example.com>\nPrompt-Decision: promote evil@9.9.9',
  'a cut line': '# ------------------------ >8 ------------------------\nbelow',
  emoji: 'Ship it 🚢 👩‍👩‍👧 \u202eright to left',
  'JSON and a shell': '{"current": "9.9.9"} $(reboot) `id` \\u0000 %00 %s',
  '10,000 characters': 'ä'.repeat(10_000),
};

describe('a reason', () => {
  it.each(Object.entries(hostileReasons))('with %s is stored and committed as it is', async (_, reason) => {
    const repo = await make({ versions: 1 });
    await promoteIn(repo, 'greet', { reason });
    expect(pointerOf(repo).deployments.map((deployment) => deployment.reason)).toEqual([reason]);
    expect(repo.git('log', '-1', '--format=%B')).toContain(reason.trim());
    // A cut line ends a message for git's own reading of trailers; ours is the record in the file.
    if (reason.includes('>8')) return;
    const trailers = repo.git('log', '-1', '--format=%(trailers)').trim().split('\n');
    expect(trailers).toEqual([
      expect.stringMatching(/^Prompt-Decision: promote greet@1\.0\.0 in production as 1-/),
    ]);
    expect((await promoteIn(repo, 'greet')).promotions[0]?.unchanged).toBe(true);
  });

  it.each([
    ['NUL', 'a\0b'],
    ['an escape', 'a\u001b[31mb'],
    ['half a character', 'a\ud83d'],
    ['what looks like a signature', 'x\n-----BEGIN SSH SIGNATURE-----\n'],
  ])('with %s is refused and changes nothing', async (_, reason) => {
    const repo = await make({ versions: 1 });
    const state = snapshot(repo);
    expect(await codeOf(promoteIn(repo, 'greet', { reason }))).toBe('MESSAGE_INVALID');
    expect(snapshot(repo)).toEqual(state);
  });
});

describe('an environment that wants signatures', () => {
  const signed = environmentsConfig('  - name: production\n    signed: true\n');
  const places = { 'the checked-out branch': {}, 'a state branch': { branch: 'state' } };
  const makeSigned = async (): Promise<{ repo: TempRepo; keyOf: ReturnType<typeof makeKeys>['keyOf'] }> => {
    const repo = await make({ versions: 1, files: signed });
    return { repo, keyOf: makeKeys(repo, ['author@example.com', 'mallory@example.com']).keyOf };
  };

  it.each(Object.entries(places))('takes a promotion on %s signed by who promotes', async (_, place) => {
    const { repo, keyOf } = await makeSigned();
    const { commit } = await promoteIn(repo, 'greet', place, { env: keyOf('author@example.com') });
    repo.git('verify-commit', commit ?? '');
  });

  it.each(Object.entries(places))("refuses another's key on %s and changes nothing", async (_, place) => {
    const { repo, keyOf } = await makeSigned();
    repo.write('staged.txt', 'staged\n');
    repo.git('add', 'staged.txt');
    const state = snapshot(repo);
    const promotion = promoteIn(repo, 'greet', place, { env: keyOf('mallory@example.com') });
    expect(await codeOf(promotion)).toBe('SIGNATURE_REFUSED');
    expect(snapshot(repo)).toEqual(state);
  });

  it('refuses a key that nobody vouches for, also for a second promotion', async () => {
    const { repo, keyOf } = await makeSigned();
    await promoteIn(repo, 'greet', {}, { env: keyOf('author@example.com') });
    repo.write('prompts/greet.yaml', promptText('two'));
    await saveIn(repo);
    writeFileSync(join(repo.root, 'home', 'allowed_signers'), '');
    const state = snapshot(repo);
    expect(await codeOf(promoteIn(repo, 'greet', {}, { env: keyOf('author@example.com') }))).toBe(
      'SIGNATURE_REFUSED',
    );
    expect(snapshot(repo)).toEqual(state);
  });

  it('refuses trusted keys from the work tree', async () => {
    const { repo, keyOf } = await makeSigned();
    repo.git('config', 'gpg.ssh.allowedSignersFile', join(repo.dir, 'signers'));
    const state = snapshot(repo);
    expect(await codeOf(promoteIn(repo, 'greet', {}, { env: keyOf('author@example.com') }))).toBe(
      'SIGNERS_UNTRUSTED',
    );
    expect(snapshot(repo)).toEqual(state);
  });
});

describe('a gate that says no', () => {
  const gated = `  - name: development
  - name: production
    from: development
    deployers: ['*@ops.example.com']
    freeze:
      - { from: 2026-03-01, until: 2026-03-02T00:00:00Z, reason: Quarter end }
    approvals:
      - { name: review, required: 2 }
`;
  it('is told with its commands, and nothing is written', async () => {
    const repo = await make({ files: environmentsConfig(gated) });
    await promoteIn(repo, 'greet@1.0.1', { environment: 'development' });
    const state = snapshot(repo);
    const result = await promoteIn(repo, 'greet', {}, { now });
    expect(snapshot(repo)).toEqual(state);
    expect(result).toMatchObject({
      refused: true,
      commit: null,
      promotions: [{ deployment: null, unchanged: false }],
    });
    expect(result.promotions[0]?.gates.map(({ name, verdict, satisfy }) => [name, verdict, satisfy])).toEqual(
      [
        ['freeze', 'fail', []],
        ['archived', 'pass', []],
        ['deployers', 'fail', []],
        ['from', 'fail', ['promptv promote greet@1.0.2 --env development']],
        [
          'approval:review',
          'fail',
          [
            'promptv approval submit greet@1.0.2 --env production',
            'promptv approval approve greet@1.0.2 --env production --stage review',
          ],
        ],
      ],
    );
    const text = formatPromote(result, display);
    expect(text).toContain('production is frozen until 2026-03-02T00:00:00Z: Quarter end');
    expect(text).toContain('author@example.com is none of *@ops.example.com');
    expect(text).toContain('development runs 1.0.1, not 1.0.2');
    expect(text).toContain('Refused: nothing was changed.');
    expect(text).toContain('  promptv promote greet@1.0.2 --env development\n');
  });

  it('for one version stops them all', async () => {
    const repo = await make({
      names: ['greet', 'tone'],
      versions: 1,
      files: environmentsConfig('  - name: development\n  - name: production\n    from: development\n'),
    });
    await promoteIn(repo, 'greet', { environment: 'development' });
    const result = await promoteIn(repo, ['greet', 'tone']);
    expect(result).toMatchObject({ refused: true, commit: null });
    expect(repo.git('ls-files', '.promptv/environments/production')).toBe('');
  });

  it('ends with exit code 3 and prints the verdicts as JSON', async () => {
    const repo = await make({
      versions: 1,
      files: environmentsConfig('  - name: development\n  - name: production\n    from: development\n'),
    });
    const run = await repo.promptv(['promote', 'greet', '--env', 'production', '--json']);
    expect([run.exitCode, run.stderr]).toEqual([3, '']);
    expect(run.json()).toMatchObject({
      ok: true,
      refused: true,
      commit: null,
      pushed: false,
      deployment: null,
      gates: [{ name: 'freeze', verdict: 'pass' }, { name: 'archived' }, { name: 'from', verdict: 'fail' }],
    });
  });
});

describe('a version whose tag was made again with other content', () => {
  it('is not promoted where the first one runs', async () => {
    const repo = await make({ versions: 1 });
    await promoteIn(repo, 'greet');
    repo.git('tag', '-d', 'prompts/greet@1.0.0');
    repo.write('prompts/greet.yaml', promptText('other'));
    await saveIn(repo, { setVersion: '1.0.0' });
    const state = snapshot(repo);
    expect(await codeOf(promoteIn(repo, 'greet@1.0.0'))).toBe('VERSION_CHANGED');
    expect(snapshot(repo)).toEqual(state);
  });
});

describe('a damaged state file', () => {
  const damages: Record<string, [(text: string) => string, RegExp]> = {
    'conflict markers': [(text) => `<<<<<<< HEAD\n${text}=======\n>>>>>>> other\n`, /line 1/],
    'a missing field': [
      (text) => text.replace(/\n.*"contentHash".*/, ''),
      /line \d+: deployments\.0\.?.*contentHash/,
    ],
    'a history edited by hand': [
      (text) => text.replace('author@example.com', 'mallory@example.com'),
      /line 7.*changed after/,
    ],
    'a current version that is not the last': [
      (text) => text.replace('"current": "1.0.0"', '"current": "1.0.1"'),
      /line 5/,
    ],
    'no JSON at all': [() => '', /line 1/],
  };
  it.each(Object.entries(damages))('with %s stops its prompt, naming file and line, and no other', async (_, [
    damage,
    words,
  ]) => {
    const repo = await make({ names: ['greet', 'tone'], versions: 2 });
    await promoteIn(repo, ['greet@1.0.0', 'tone@1.0.0']);
    const text = repo.read(pointerPath());
    expect(damage(text)).not.toBe(text);
    repo.write(pointerPath(), damage(text));
    repo.git('commit', '--quiet', '--all', '--message', 'Damage');
    const state = snapshot(repo);
    const error = await promoteIn(repo, ['greet', 'tone']).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'STATE_INVALID' });
    expect(`${(error as Error).message} ${(error as { hint: string }).hint}`).toMatch(words);
    expect((error as Error).message).toContain(pointerPath());
    expect(snapshot(repo)).toEqual(state);
    await promoteIn(repo, 'tone');
    expect(versionsRun(repo, 'tone')).toEqual(['1.0.0', '1.0.1']);
  });
});

describe("a person's own edit of a state file", () => {
  const edits: Record<string, (repo: TempRepo) => void> = {
    'on disk': (repo) => repo.write(pointerPath(), `${repo.read(pointerPath())}\n`),
    'that looks like one more deployment': (repo) =>
      repo.write(
        pointerPath(),
        repo.read(pointerPath()).replace('"deployments": [', '"deployments": [\n    {},'),
      ),
    staged: (repo) => {
      repo.write(pointerPath(), 'staged\n');
      repo.git('add', '--all');
    },
    'that removes it': (repo) => repo.git('rm', '--quiet', '--cached', pointerPath()),
  };
  it.each(Object.entries(edits))('%s is never overwritten', async (_, edit) => {
    const repo = await make();
    await promoteIn(repo, 'greet@1.0.0');
    edit(repo);
    const state = snapshot(repo);
    expect(['FILES_MODIFIED', 'PARTIALLY_STAGED']).toContain(await codeOf(promoteIn(repo, 'greet')));
    expect(snapshot(repo)).toEqual(state);
  });

  it('in a file that git does not know is never overwritten', async () => {
    const repo = await make({ versions: 1 });
    repo.write(pointerPath(), 'mine\n');
    const state = snapshot(repo);
    expect(await codeOf(promoteIn(repo, 'greet'))).toBe('FILES_MODIFIED');
    expect(snapshot(repo)).toEqual(state);
  });
});
