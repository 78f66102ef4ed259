import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempRepo, type TempRepo } from '../helpers/temp-repo.ts';

interface Logged {
  readonly version: string;
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly meta: Readonly<Record<string, string>>;
  readonly bump: string;
  readonly contentHash: string;
}

const escapes = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
// Our own colours are the only escapes that a terminal may get.
const withoutColours = (text: string): string => text.replace(/\x1b\[[\d;]*m/g, '');

describe('what people and machines write into a version', () => {
  let repo: TempRepo;
  let texts = 0;

  /** Saves a new text and reads back the version that came of it. */
  const saved = async (args: readonly string[], env: Record<string, string> = {}): Promise<Logged> => {
    repo.write('prompts/a.yaml', `content: text ${++texts}\n`);
    const run = await repo.promptv(['save', 'a', ...args, '--json'], { env });
    expect(run.stderr).not.toMatch(escapes);
    expect(run.exitCode).toBe(0);
    const [version] = (await repo.promptv(['log', 'a', '-n', '1', '--json'])).json<{ versions: Logged[] }>()
      .versions;
    if (!version) throw new Error('no version');
    expect(run.json<{ saved: object[] }>().saved).toMatchObject([{ version: version.version }]);
    return version;
  };

  const tagText = (version: string): string => repo.git('cat-file', 'tag', `prompts/a@${version}`);

  beforeAll(() => {
    repo = createTempRepo({ files: { 'prompts/a.yaml': 'content: a\n' } });
  });

  afterAll(() => repo.remove());

  const fakeParagraph = `Prompt-Version: 9.9.9\nBump: major\nContent-Hash: sha256:${'0'.repeat(64)}\nMeta-admin: yes`;
  it.each([
    ['lines that look like ours', `Shorter\n\n${fakeParagraph}`],
    ['nothing but such lines', fakeParagraph],
    ['lines that git takes for comments', '# not a comment\n#42 closed\n; nor this'],
    ['a rule of scissors', 'a\n# ------------------------ >8 ------------------------\nb'],
    ['many blank lines', 'a\n\n\n\nb'],
    ['a signature that is only quoted', 'a\n  -----BEGIN SSH SIGNATURE-----\n  -----END SSH SIGNATURE-----'],
    ['the end of a signature', 'a\n-----END PGP SIGNATURE-----'],
    ['people of all scripts', 'Ünïcødé 日本語 \u{1f600} עברית'],
    ['a shell', '$(touch pwned) `id` "quotes" \'and\' %s %(contents)'],
  ])('a message with %s is read back as it was written', async (_, message) => {
    const version = await saved(['-m', message]);
    expect(version).toMatchObject({
      message,
      meta: {},
      bump: version.version === '1.0.0' ? 'initial' : 'patch',
    });
    expect(repo.git('show', '-s', '--format=%B', 'HEAD')).toContain(message);
  });

  it('carriage returns become line feeds and blanks around are dropped', async () => {
    expect((await saved(['-m', '\r\n a\r\nb \r\n'])).message).toBe('a\nb');
  });

  it.each([
    ['a line feed and a line of ours', 'x\nPrompt-Version: 9.9.9'],
    ['a whole fake end', `x\n\n${fakeParagraph}\n`],
    ['escapes and directions', '\u001b[2J\u009b1m\u202eevil\u2066\u0007\r\b'],
    ['backslashes', 'C:\\new\\u0041 \\\\ \\n'],
    ['blanks around it', '  a  '],
    ['nothing', ''],
    ['an equals sign', 'a=b=c'],
    ['a fake signature', '-----BEGIN SSH SIGNATURE-----\nAAAA'],
  ])('a --meta value with %s is read back as it was given', async (_, value) => {
    const version = await saved([
      '--meta',
      `Key-1=${value}`,
      '--meta',
      'constructor=c',
      '--meta',
      'Path=../../x',
    ]);
    expect(version.meta).toEqual({ 'Key-1': value, constructor: 'c', Path: '../../x' });
    const lines = tagText(version.version).split('\n');
    expect(lines.filter((line) => line.startsWith('Meta-Key-1: '))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('Prompt-Version: '))).toEqual([
      `Prompt-Version: ${version.version}`,
    ]);
    expect(tagText(version.version)).not.toMatch(escapes);
  });

  it.each([
    [
      'GitHub',
      {
        GITHUB_ACTIONS: 'true',
        GITHUB_REF: 'refs/heads/ma\nBump: major\u001b[31m',
        GITHUB_SHA: 'not a commit\n',
        GITHUB_RUN_ID: '1\nImpact: none',
        GITHUB_SERVER_URL: 'https://user:token@github.example',
        GITHUB_REPOSITORY: 'o/r',
      },
    ],
    [
      'GitLab',
      {
        GITLAB_CI: '1',
        CI_COMMIT_BRANCH: '\u202emain',
        CI_PIPELINE_ID: '\u001b]0;title\u0007',
        CI_PIPELINE_URL: 'javascript:alert(1)',
      },
    ],
    [
      'Jenkins',
      {
        JENKINS_URL: 'https://j',
        BUILD_NUMBER: '7',
        BRANCH_NAME: `a${'b'.repeat(5000)}`,
        BUILD_URL: 'https://me:secret@j/job/1/',
      },
    ],
  ])('hostile variables of %s stay inside their lines', async (_, env) => {
    const version = await saved([], env);
    expect(version.bump).toBe('patch');
    const text = tagText(version.version);
    expect(text).not.toMatch(escapes);
    expect(text).not.toMatch(/token|secret|javascript:/);
    for (const key of ['Prompt-Version', 'Bump', 'Impact', 'Branch', 'CI-Provider', 'CI-Run'])
      expect(text.split('\n').filter((line) => line.startsWith(`${key}: `))).toHaveLength(1);
  });

  it('names with control characters and commas reach no terminal and come back whole', async () => {
    const name = 'Ev\u001b[31mil, Prompt-Version: 9\u202e\u009b';
    const version = await saved([], { GIT_AUTHOR_NAME: name, GIT_COMMITTER_NAME: name });
    expect(version.author.name).toBe(name);
    const lines = tagText(version.version).split('\n');
    expect(lines.filter((line) => line.startsWith('Authors: '))).toEqual([
      expect.stringContaining('\\u001b[31mil\\u002c Prompt-Version'),
    ]);
  });

  it.each([
    ['log', 'a'],
    ['show', 'a'],
    ['list'],
    ['log', 'a', '--format', 'markdown'],
    ['status'],
  ])('promptv %s %s %s %s prints no foreign escapes, coloured or plain', async (...args) => {
    const [coloured, plain] = await Promise.all([
      repo.promptv(args, { env: { FORCE_COLOR: '1' } }),
      repo.promptv(args),
    ]);
    expect(coloured.exitCode).toBe(0);
    expect(withoutColours(coloured.stdout)).not.toMatch(escapes);
    expect(plain.stdout).not.toMatch(escapes);
  });

  it('JSON is one valid object whose escapes are JSON escapes', async () => {
    const run = await repo.promptv(['log', 'a', '--json']);
    expect(run.stdout).not.toMatch(escapes);
    expect(run.json<{ versions: Logged[] }>().versions.length).toBeGreaterThan(20);
  });
});

describe('a tag of the namespace that is no version', () => {
  let repo: TempRepo;
  const first = 'content: first\n';

  /** A tag object made by hand, as no `git tag` would. */
  const tagged = (tag: string, target: string, type: string, message: string): void => {
    const text = `object ${target}\ntype ${type}\ntag ${tag}\ntagger A <a@b.c> 1700000000 +0000\n\n${message}`;
    repo.write('.git/tag-text', text);
    const oid = repo.git('hash-object', '-t', 'tag', '-w', '--literally', '.git/tag-text');
    repo.git('update-ref', `refs/tags/${tag}`, oid);
  };

  /** The message of a real version, told of another number. */
  const messageOf = (version: string): string =>
    repo
      .git('for-each-ref', '--format=%(contents)', 'refs/tags/prompts/a@1.0.0')
      .replaceAll('1.0.0', version);

  const forgeries: readonly (readonly [what: string, version: string, make: (version: string) => void])[] = [
    ['a lightweight tag', '2.0.0', (version) => repo.git('tag', `prompts/a@${version}`)],
    ['another subject', '2.1.0', (v) => repo.git('tag', '-a', '-m', 'Release!', `prompts/a@${v}`)],
    ['only the subject', '2.2.0', (v) => repo.git('tag', '-a', '-m', `a ${v}`, `prompts/a@${v}`)],
    [
      'another hash',
      '2.3.0',
      (v) =>
        tagged(
          `prompts/a@${v}`,
          repo.git('rev-parse', 'prompts/a@1.0.0^{}'),
          'commit',
          `${messageOf(v).replace(/Content-Hash: .*/, `Content-Hash: sha256:${'0'.repeat(64)}`)}\n`,
        ),
    ],
    [
      'another commit',
      '2.4.0',
      (v) => tagged(`prompts/a@${v}`, repo.git('rev-parse', 'HEAD'), 'commit', `${messageOf(v)}\n`),
    ],
    [
      'a commit without the file',
      '2.5.0',
      (v) => tagged(`prompts/a@${v}`, repo.git('rev-parse', 'empty'), 'commit', `${messageOf(v)}\n`),
    ],
    [
      'a tree',
      '2.6.0',
      (v) => tagged(`prompts/a@${v}`, repo.git('rev-parse', 'HEAD^{tree}'), 'tree', `${messageOf(v)}\n`),
    ],
    [
      'a blob, lightly',
      '2.7.0',
      (v) => repo.git('tag', `prompts/a@${v}`, repo.git('rev-parse', 'HEAD:prompts/a.yaml')),
    ],
    [
      'the tag object of another version',
      '2.8.0',
      (v) => repo.git('tag', `prompts/a@${v}`, 'prompts/a@1.0.0'),
    ],
    [
      'a number within that is not its own',
      '2.9.0',
      (v) =>
        tagged(
          `prompts/a@${v}`,
          repo.git('rev-parse', 'prompts/a@1.0.0^{}'),
          'commit',
          `${messageOf('7.0.0')}\n`,
        ),
    ],
    [
      'a path that leaves the repository',
      '2.10.0',
      (v) =>
        tagged(
          `prompts/a@${v}`,
          repo.git('rev-parse', 'prompts/a@1.0.0^{}'),
          'commit',
          `${messageOf(v).replace(/Path: .*/, 'Path: ../../etc/passwd')}\n`,
        ),
    ],
  ];

  beforeAll(async () => {
    repo = createTempRepo({ files: { 'README.md': 'x' } });
    repo.git('branch', 'empty');
    repo.write('prompts/a.yaml', first);
    expect((await repo.promptv(['save', 'a'])).exitCode).toBe(0);
    repo.write('prompts/a.yaml', 'content: second\n');
    repo.git('commit', '--quiet', '--all', '--message', 'Second');
    for (const [, version, make] of forgeries) make(version);
  });

  afterAll(() => repo.remove());

  it.concurrent.each(forgeries)('(%s) cannot be shown', async (_, version) => {
    const run = await repo.promptv(['show', `a@${version}`, '--json']);
    expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(run.error()).toMatchObject({ code: 'VERSION_CHANGED', hint: expect.stringContaining('doctor') });
  });

  it('is not the latest, and does not appear in log, list and status', async () => {
    const json = async (...args: string[]) => {
      const run = await repo.promptv([...args, '--json']);
      expect(run.exitCode).toBe(0);
      return run.json<{
        version: string;
        versions: Logged[];
        prompts: { version: string; latest: string }[];
      }>();
    };
    const [log, list, status, latest, next, range] = await Promise.all([
      json('log', 'a'),
      json('list'),
      json('status'),
      json('show', 'a'),
      json('show', 'a@next'),
      json('show', 'a@>=1'),
    ]);
    expect(log.versions.map(({ version }) => version)).toEqual(['1.0.0']);
    expect(list.prompts).toMatchObject([{ version: '1.0.0' }]);
    expect(status.prompts).toMatchObject([{ latest: '1.0.0', state: 'modified' }]);
    expect([latest.version, next.version, range.version]).toEqual(['1.0.0', '1.0.0', '1.0.0']);
  });

  it('is named by doctor, each once', async () => {
    const run = await repo.promptv(['doctor', '--json']);
    expect(run.exitCode).toBe(3);
    const { findings } = run.json<{ findings: { id: string; message: string }[] }>();
    const said = findings.filter(({ id }) => id === 'TAG_INVALID').map(({ message }) => message);
    for (const [, version] of forgeries)
      expect(said.filter((message) => message.includes(`a@${version}`))).toHaveLength(1);
    expect(said).toHaveLength(forgeries.length);
  });

  it('keeps its number, so that the next save takes another', async () => {
    repo.git('tag', 'prompts/a@1.0.1');
    const run = await repo.promptv(['save', 'a', '--json']);
    expect(run.exitCode).toBe(0);
    const [{ version, previousVersion } = { version: '', previousVersion: '' }] = run.json<{
      saved: { version: string; previousVersion: string }[];
    }>().saved;
    expect(previousVersion).toBe('1.0.0');
    expect(version).not.toBe('1.0.1');
    expect(forgeries.map(([, taken]) => taken)).not.toContain(version);
  });

  it('re-pushed over a version takes that version out of use', async () => {
    repo.git('tag', '--force', 'prompts/a@1.0.0', 'HEAD');
    const run = await repo.promptv(['show', 'a@1.0.0', '--json']);
    expect(run.error().code).toBe('VERSION_CHANGED');
  });
});
