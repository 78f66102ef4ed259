import { isAbsolute, relative, resolve } from 'node:path';
import { promptvError } from '../errors.ts';
import type { Repository } from './repository.ts';
import type { TreeFile } from './trees.ts';

/**
 * How a commit or tag is signed: `good` by a key that git trusts, then `principal` is who that key belongs to; `bad` in any
 * other way; `none`; `unknown` where git cannot tell (no trusted keys configured, a missing program or public key).
 */
export interface CheckedSignature {
  readonly state: 'good' | 'bad' | 'none' | 'unknown';
  readonly principal: string | null;
}

export interface CommitSignature {
  readonly state: 'good' | 'bad' | 'none';
  readonly principal: string | null;
}

/** Of a commit or tag without one. */
export const unsigned: CheckedSignature = { state: 'none', principal: null };

/**
 * The signature of one commit, judged by keys from outside the work tree; what cannot be checked is `bad`.
 * @throws SIGNERS_UNTRUSTED
 */
export const commitSignature = async (repository: Repository, commit: string): Promise<CommitSignature> => {
  await assertTrustedSigners(repository);
  const { state, principal } = (await readSignatures(repository, [commit])).get(commit) ?? unsigned;
  return { state: state === 'unknown' ? 'bad' : state, principal };
};

/** The signatures of any number of commits, with one process; a commit that is not signed starts no key check. */
export const readSignatures = async (
  repository: Repository,
  commits: readonly string[],
): Promise<ReadonlyMap<string, CheckedSignature>> => {
  const found = new Map<string, CheckedSignature>(commits.map((commit) => [commit, unsigned]));
  const signed: string[] = [];
  for (const commit of found.keys()) if (await hasSignature(repository, commit)) signed.push(commit);
  if (signed.length === 0) return found;
  const output = await repository.run(
    ['log', '--no-walk=unsorted', '--no-show-signature', '--stdin', '--format=%H %G? %GS'],
    { input: `${signed.join('\n')}\n` },
  );
  for (const line of output.stdout.toString('utf8').split('\n')) {
    const [commit = '', grade = '', ...signer] = line.split(' ');
    if (found.has(commit)) found.set(commit, gradeSignature(grade, signer.join(' ')));
  }
  return found;
};

/** git also says "N" for a signature that it has no keys to check with, so the object itself is asked. */
const hasSignature = async (repository: Repository, commit: string): Promise<boolean> => {
  const object = await repository.readObject(commit);
  const text = object?.type === 'commit' ? object.content.toString('utf8') : '';
  return /^gpgsig(?:-sha256)? /m.test(text.slice(0, text.indexOf('\n\n')));
};

/** "G": good and trusted. "E", and "N" of a signed commit: not checked. The others: bad, expired, revoked, untrusted. */
const gradeSignature = (grade: string, signer: string): CheckedSignature => {
  if (grade === 'G') return { state: 'good', principal: /<([^<>]+)>$/.exec(signer)?.[1] ?? signer };
  return { state: grade === 'E' || grade === 'N' ? 'unknown' : 'bad', principal: null };
};

/**
 * Refuses a list of trusted ssh keys, or a configuration naming one, that a change to the work tree could rewrite:
 * whoever proposes a change must not be able to add a key to it.
 * @throws SIGNERS_UNTRUSTED
 */
export const assertTrustedSigners = async (repository: Repository): Promise<void> => {
  const args = ['config', '--show-origin', '-z', '--type=path', '--get', 'gpg.ssh.allowedSignersFile'];
  const output = await repository.run(args, { accept: [1] });
  if (output.exitCode === 1) return;
  const [origin = '', path = ''] = output.stdout.toString('utf8').split('\0');
  if (!isAbsolute(path))
    throw promptvError('SIGNERS_UNTRUSTED', { path, reason: 'its path is relative to the work tree' });
  if (isInWorkTree(repository, path))
    throw promptvError('SIGNERS_UNTRUSTED', { path, reason: 'it lies inside the work tree' });
  const file = /^file:(.*)$/s.exec(origin)?.[1];
  if (file !== undefined && isInWorkTree(repository, resolve(repository.topLevel, file)))
    throw promptvError('SIGNERS_UNTRUSTED', { path, reason: `${file} inside the work tree names it` });
};

/** Git's own folder is beside the work tree, not in it, wherever it lies. */
const isInWorkTree = ({ topLevel, gitDir, commonDir }: Repository, path: string): boolean =>
  isBelow(topLevel, path) && !isBelow(gitDir, path) && !isBelow(commonDir, path);

const isBelow = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
};

/**
 * For each file of `tip` the commit that gave it the content it has there; null where history does not tell, as in a
 * shallow clone. Of a merge only what it changed itself counts. One process.
 */
export const findLastChanges = async (
  repository: Repository,
  { tip, files }: { readonly tip: string; readonly files: readonly TreeFile[] },
): Promise<ReadonlyMap<string, string | null>> => {
  const found = new Map<string, string | null>();
  if (files.length === 0) return found;
  const contents = new Map(files.map(({ path, oid }) => [path, oid]));
  const args = [
    'log',
    '-z',
    '-c',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '--topo-order',
    '--format=%x01%H %P',
  ];
  const output = await repository.run([...args, tip, '--', ...contents.keys()]);
  let commit: string | null = null;
  let content: string | undefined;
  for (const entry of output.stdout.toString('utf8').split('\0')) {
    const text = entry.replace(/^\n/, '');
    if (text.startsWith('\u0001')) commit = await tellingCommit(repository, text.slice(1));
    // `:MODE MODE ID ID STATUS`, of a merge with one more mode and id a parent: the last id is the new content.
    else if (text.startsWith(':')) content = text.split(' ').at(-2);
    // With several paths git also walks sides of a merge that lost; those have another content.
    else if (!found.has(text) && contents.get(text) === content) found.set(text, commit);
  }
  return new Map(files.map(({ path }) => [path, found.get(path) ?? null]));
};

/** The oldest commit of a shallow clone seems to have added everything: git shows it without the parents it has. */
const tellingCommit = async (repository: Repository, line: string): Promise<string | null> => {
  const [commit = '', ...parents] = line.split(' ').filter(Boolean);
  if (parents.length > 0 || !repository.isShallow) return commit;
  const object = await repository.readObject(commit);
  const header = object?.content.toString('utf8').split('\n\n', 1)[0] ?? '';
  return /^parent /m.test(header) ? null : commit;
};
