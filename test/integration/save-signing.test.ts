import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { rename } from '../../src/operations/rename.ts';
import {
  codeOf,
  gitState,
  inWorkspace,
  promptText,
  saveIn,
  tagFields,
  versionTags,
} from '../helpers/in-workspace.ts';
import { createTempRepo, type TempRepo } from '../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
afterEach(() => {
  for (const repo of repos.splice(0)) repo.remove();
});

type Setting = 'commit.gpgSign' | 'tag.gpgSign' | 'tag.forceSignAnnotated';

/** A repository with an ssh key of its own; `break` then makes the key unusable. */
const makeSigning = (settings: readonly Setting[]): { repo: TempRepo; breakKey: () => void } => {
  const repo = createTempRepo({ files: { 'prompts/greet.yaml': promptText('Hello.') } });
  repos.push(repo);
  const key = join(repo.root, 'home', 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test', '-f', key], { env: repo.env });
  const signers = join(repo.root, 'home', 'signers');
  writeFileSync(signers, `author@example.com ${readFileSync(`${key}.pub`, 'utf8')}`);
  repo.git('config', 'gpg.format', 'ssh');
  repo.git('config', 'user.signingKey', `${key}.pub`);
  repo.git('config', 'gpg.ssh.allowedSignersFile', signers);
  for (const setting of settings) repo.git('config', setting, 'true');
  return { repo, breakKey: () => rmSync(key) };
};

describe('a sweep that fails at a later tag', () => {
  it('says what stands and goes on from there', async () => {
    const { repo } = makeSigning([]);
    for (const name of ['a', 'b']) repo.write(`prompts/${name}.yaml`, promptText(name));
    // A folder where the tag's file would go.
    const place = join(repo.dir, '.git/refs/tags/prompts/b@1.0.0');
    mkdirSync(join(place, 'x'), { recursive: true });
    writeFileSync(join(place, 'x/y.lock'), '');
    const failure = await saveIn(repo).catch((error: unknown) => error);
    const commit = repo.git('rev-parse', 'HEAD');
    expect(failure).toMatchObject({
      code: 'GIT_FAILED',
      message: expect.stringContaining(
        `Done: the commit ${commit.slice(0, 12)}, prompts/a@1.0.0. Not done: prompts/b@1.0.0, prompts/greet@1.0.0.`,
      ),
      hint: 'Run the command again with --debug to see every call of git. That makes what is missing and nothing twice.',
      details: { commit, made: ['prompts/a@1.0.0'], missing: ['prompts/b@1.0.0', 'prompts/greet@1.0.0'] },
    });
    rmSync(place, { recursive: true });
    await saveIn(repo);
    expect(versionTags(repo)).toEqual(['a@1.0.0', 'b@1.0.0', 'greet@1.0.0']);
    expect(repo.git('rev-parse', 'HEAD')).toBe(commit);
  });
});

describe('with a working key', () => {
  it('commit and tag are signed as the configuration says', async () => {
    const { repo } = makeSigning(['commit.gpgSign', 'tag.gpgSign']);
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    await saveIn(repo);
    // Both throw for an object without a good signature.
    repo.git('verify-commit', 'HEAD');
    repo.git('verify-tag', 'prompts/greet@1.0.0');
    expect((await saveIn(repo)).unchanged).toEqual([{ prompt: 'greet', version: '1.0.0' }]);
  });

  it('the history is read as without signatures, whatever git log prints of them', async () => {
    const { repo } = makeSigning(['commit.gpgSign', 'tag.gpgSign']);
    repo.git('config', 'log.showSignature', 'true');
    repo.write('prompts/greet.yaml', promptText('Hi.'));
    await saveIn(repo);
    expect(tagFields(repo, 'greet@1.0.0').message).toMatch(/^Authors: Test Author <author@example\.com>$/m);
    await inWorkspace(repo, (workspace) => rename(workspace, { from: 'greet', to: 'hello' }));
    expect((await saveIn(repo)).saved).toMatchObject([{ prompt: 'hello', version: '1.0.1' }]);
    expect(tagFields(repo, 'hello@1.0.1').message).toMatch(/^Authors: Test Author <author@example\.com>$/m);
  });

  it('nothing is signed that the configuration does not ask for', async () => {
    const { repo } = makeSigning([]);
    await saveIn(repo);
    expect(() => repo.git('verify-tag', 'prompts/greet@1.0.0')).toThrow('no signature found');
  });
});

describe('with a broken key', () => {
  it.each([
    { file: 'a tracked file', name: 'greet' },
    { file: 'a new file', name: 'fresh' },
  ])('a commit that should be signed is not made, and $file stays as it was', async ({ name }) => {
    const { repo, breakKey } = makeSigning(['commit.gpgSign', 'tag.gpgSign']);
    breakKey();
    repo.write(`prompts/${name}.yaml`, promptText('Hi.'));
    const [state, head] = [gitState(repo), repo.git('rev-parse', 'HEAD')];
    expect(await codeOf(saveIn(repo, { names: [name] }))).toBe('SIGNING_FAILED');
    expect([gitState(repo), repo.git('rev-parse', 'HEAD'), versionTags(repo)]).toEqual([state, head, []]);
  });

  it.each([
    'tag.gpgSign',
    'tag.forceSignAnnotated',
  ] as const)('no tag stays behind that %s wanted signed, and the next save finishes', async (setting) => {
    const { repo, breakKey } = makeSigning([setting]);
    breakKey();
    repo.write('prompts/fresh.yaml', promptText('Hi.'));
    const failure = await saveIn(repo, { names: ['fresh'] }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringMatching(
        /^The tag could not be signed: (?!error)\S.*Not done: prompts\/fresh@1\.0\.0\.$/,
      ),
      hint: 'Check "user.signingkey", "gpg.format" and the key itself, then run the command again. That makes what is missing and nothing twice.',
    });
    expect([versionTags(repo), gitState(repo).split('\n--\n')[1]]).toEqual([[], '']);
    const head = repo.git('rev-parse', 'HEAD');
    repo.git('config', setting, 'false');
    expect((await saveIn(repo, { names: ['fresh'] })).saved).toMatchObject([
      { version: '1.0.0', commit: head },
    ]);
  });
});
