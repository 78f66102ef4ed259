import { promptvError } from '../errors.ts';
import type { Repository } from './repository.ts';
import { lastWords } from './run-git.ts';

/** A tag's name (without `refs/tags/`) and the object it points to: a tag object if it is annotated. */
export interface TagRef {
  readonly tag: string;
  readonly oid: string;
}

/** The content of an annotated tag. */
export interface TagObject {
  /** The object that is tagged, and its type. */
  readonly target: string;
  readonly targetType: string;
  readonly name: string;
  readonly tagger: { readonly name: string; readonly email: string };
  /** ISO 8601 UTC, seconds. */
  readonly date: string;
  readonly message: string;
}

/** The tags whose full name begins with one of the folders or matches one of the patterns given, in git's order. */
export const listTags = async (repository: Repository, patterns: readonly string[]): Promise<TagRef[]> => {
  const output = await repository.run([
    'for-each-ref',
    tagFormat,
    ...patterns.map((pattern) => `refs/tags/${pattern}`),
  ]);
  return parseTags(output.stdout);
};

/** The newest tags of a folder by the time in the tag object, newest first; equal times by name, highest version first. */
export const listTagsByDate = async (
  repository: Repository,
  { prefix, limit }: { readonly prefix: string; readonly limit: number },
): Promise<TagRef[]> => {
  const sorting = ['--sort=-version:refname', '--sort=-taggerdate', `--count=${limit}`];
  const output = await repository.run(['for-each-ref', tagFormat, ...sorting, `refs/tags/${prefix}`]);
  return parseTags(output.stdout);
};

const tagFormat = '--format=%(objectname) %(refname)';

const parseTags = (bytes: Buffer): TagRef[] => {
  const tags: TagRef[] = [];
  const text = bytes.toString('utf8');
  for (let start = 0, end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    const space = text.indexOf(' ', start);
    tags.push({ oid: text.slice(start, space), tag: text.slice(space + 1 + 'refs/tags/'.length, end) });
    start = end + 1;
  }
  return tags;
};

/** The annotated tag behind an object id; null when the id is of another kind of object (a lightweight tag). */
export const readTag = async (repository: Repository, oid: string): Promise<TagObject | null> => {
  const object = await repository.readObject(oid);
  return object?.type === 'tag' ? parseTagObject(object.content.toString('utf8')) : null;
};

const parseTagObject = (text: string): TagObject | null => {
  const split = text.indexOf('\n\n');
  const head = split < 0 ? text : text.slice(0, split);
  const fields = new Map(head.split('\n').map((line) => splitOnce(line, ' ')));
  const tagger = parseIdentity(fields.get('tagger') ?? '');
  const target = fields.get('object');
  if (!target || !tagger) return null;
  return {
    target,
    targetType: fields.get('type') ?? '',
    name: fields.get('tag') ?? '',
    tagger: { name: tagger.name, email: tagger.email },
    date: tagger.date,
    message: split < 0 ? '' : text.slice(split + 2),
  };
};

const splitOnce = (text: string, separator: string): [string, string] => {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
};

/** Reads `Name <email> SECONDS ZONE`. */
const parseIdentity = (text: string): { name: string; email: string; date: string } | null => {
  const match = /^(.*?) ?<(.*)> (-?\d{1,15}) [+-]\d{4}$/.exec(text);
  if (!match) return null;
  const date = new Date(Number(match[3]) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  return { name: match[1] ?? '', email: match[2] ?? '', date: date.toISOString() };
};

/**
 * Makes an annotated tag, signed where the user's configuration says so.
 * @throws TAG_EXISTS, SIGNING_FAILED, IDENTITY_MISSING
 */
export const createTag = async (
  repository: Repository,
  tag: { readonly name: string; readonly target: string; readonly message: string },
): Promise<void> => {
  // Not -a: it would overrule tag.forceSignAnnotated. A message from a file makes the tag an annotated one.
  const args = ['tag', '--cleanup=verbatim', '-F', '-', '--end-of-options', tag.name, tag.target];
  const output = await repository.run(args, { input: tag.message, accept: [128] });
  if (output.exitCode === 128) throw tagFailure(tag.name, output.stderr);
  // git 2.39 with a broken signing key prints an error, exits 0 and leaves an unsigned tag behind.
  if (output.stderr !== '') await assertSigned(repository, tag.name, output.stderr);
};

const tagFailure = (tag: string, stderr: string): Error => {
  if (/already exists/.test(stderr)) return promptvError('TAG_EXISTS', { tag });
  if (/Please tell me who you are|auto-detect|empty ident|useConfigOnly/.test(stderr))
    return promptvError('IDENTITY_MISSING');
  if (/sign|gpg|ssh-keygen/.test(stderr))
    return promptvError('SIGNING_FAILED', { object: 'tag', reason: lastWords(stderr) });
  return promptvError('GIT_FAILED', { command: 'tag', reason: lastWords(stderr) });
};

/** Removes the tag again when it should be signed and is not: our own messages cannot hold a signature's first line. */
const assertSigned = async (repository: Repository, tag: string, stderr: string): Promise<void> => {
  const settings = '^tag\\.(gpgsign|forcesignannotated)$';
  const output = await repository.run(['config', '--type=bool', '--get-regexp', settings], { accept: [1] });
  if (!/ true$/m.test(output.stdout.toString('utf8'))) return;
  const object = await repository.readObject(`refs/tags/${tag}`);
  if (object && /\n-----BEGIN (?:PGP|SSH|SIGNED|CMS)/.test(object.content.toString('utf8'))) return;
  if (object) await deleteTag(repository, { tag, oid: object.oid });
  throw promptvError('SIGNING_FAILED', { object: 'tag', reason: lastWords(stderr) });
};

/** Deletes a tag only while it still points to that object. */
export const deleteTag = async (repository: Repository, tag: TagRef): Promise<void> => {
  await repository.run(['update-ref', '-d', `refs/tags/${tag.tag}`, tag.oid]);
};

/** The names of a folder's annotated tags whose message contains a text. */
export const findTagsContaining = async (
  repository: Repository,
  { prefix, text }: { readonly prefix: string; readonly text: string },
): Promise<string[]> => {
  const output = await repository.run([
    'for-each-ref',
    '--format=%(refname)%00%(contents)%00',
    `refs/tags/${prefix}`,
  ]);
  const fields = output.stdout.toString('utf8').split('\0');
  const found: string[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2)
    if (fields[at + 1]?.includes(text)) found.push((fields[at] ?? '').trim().slice('refs/tags/'.length));
  return found;
};
