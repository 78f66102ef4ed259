import { contentHash } from '../core/prompt/content-hash.ts';
import type { PromptDocument } from '../core/prompt/document.ts';
import { promptNameProblem } from '../core/prompt/name.ts';
import { nearestSelectors } from '../core/version/nearest-selectors.ts';
import { parseTagMessage } from '../core/version/parse-tag-message.ts';
import type { TagRecord } from '../core/version/tag-message.ts';
import { formatTagName, parseTagName } from '../core/version/tag-name.ts';
import { compareVersions, isPrerelease, parseVersion } from '../core/version/version.ts';
import { promptvError } from '../errors.ts';
import { listTags, readTag, type TagRef } from '../git/tags.ts';
import type { Person } from './types.ts';
import { suggestion, type Workspace } from './workspace.ts';

/** A tag of the namespace: its number is taken, whether or not it is a version. */
export interface VersionRef {
  readonly name: string;
  readonly version: string;
  readonly tag: string;
  readonly oid: string;
}

/** A version that holds together: annotated tag, record and text agree. */
export interface Version extends VersionRef {
  readonly record: TagRecord;
  /** The commit that is tagged. */
  readonly commit: string;
  readonly author: Person;
  /** ISO 8601 UTC. */
  readonly date: string;
  /** The text's git object, and its path from the top folder. */
  readonly blob: string;
  readonly path: string;
  readonly contentHash: string;
}

/** The text of a version. */
export interface VersionText {
  readonly bytes: Uint8Array;
  readonly document: PromptDocument;
}

/** Why a tag of the namespace is not a version. */
export interface InvalidVersion extends VersionRef {
  readonly invalid: string;
}

/** The versions of a workspace, read from its tags on demand; one object a run. */
export class Versions {
  private readonly workspace: Workspace;
  private readonly unread = new Map<string, TagRef[]>();
  private readonly listed = new Map<string, readonly VersionRef[]>();
  private readonly read = new Map<string, Promise<Version | InvalidVersion>>();
  private readonly texts = new Map<string, Promise<VersionText | { invalid: string }>>();
  private allListed = false;

  constructor(workspace: Workspace) {
    this.workspace = workspace;
  }

  /** Lists the tags of every prompt with one git process. */
  async listAll(): Promise<void> {
    this.workspace.versionCache.open();
    this.remember(await listTags(this.workspace.repository, [`${this.workspace.config.tagPrefix}/`]));
    this.allListed = true;
  }

  /** Lists them, and checks the highest stable version of each, which every sweep asks for. */
  async checkAll(): Promise<void> {
    await this.listAll();
    await Promise.all(this.names().map((name) => this.highest(name, { stable: true })));
  }

  /** Lists the tags of these prompts with one git process. */
  async list(names: readonly string[]): Promise<void> {
    const missing = names.filter((name) => !this.allListed && !this.unread.has(name));
    if (missing.length === 0) return;
    const prefix = this.workspace.config.tagPrefix;
    for (const name of missing) this.unread.set(name, []);
    const patterns = missing.map((name) => `${prefix}/${name}@*`);
    this.remember(await listTags(this.workspace.repository, patterns));
  }

  /** Puts these tags in the place of those of the same numbers, or beside the others. */
  async replace(name: string, replacing: readonly VersionRef[]): Promise<void> {
    const numbers = new Set(replacing.map(({ version }) => version));
    const others = (await this.refsOf(name)).filter(({ version }) => !numbers.has(version));
    this.listed.set(name, highestFirst([...others, ...replacing]));
  }

  /** Leaves these numbers out, as if they had no tags. */
  async leaveOut(name: string, numbers: ReadonlySet<string>): Promise<void> {
    this.listed.set(
      name,
      (await this.refsOf(name)).filter(({ version }) => !numbers.has(version)),
    );
  }

  /** Adds tags that no ref of this clone names, beside those listed. */
  add(tags: readonly TagRef[]): void {
    this.remember(tags);
  }

  /** Names that have any tag; meaningful after `listAll`. */
  names(): string[] {
    return [...this.unread.keys()].filter(
      (name) => promptNameProblem(name) === null && this.unread.get(name)?.length,
    );
  }

  /** Every taken number of a prompt, highest first. */
  async refsOf(name: string): Promise<readonly VersionRef[]> {
    await this.list([name]);
    return this.listed.get(name) ?? this.readGroup(name);
  }

  /** Reads and checks one tag; what does not hold together comes back as `invalid`. */
  load(ref: VersionRef): Promise<Version | InvalidVersion> {
    // Two refs may point to one tag object; it is the version of only that one whose name it bears.
    const key = `${ref.oid} ${ref.tag}`;
    const known = this.read.get(key);
    if (known) return known;
    const loaded = this.check(ref);
    this.read.set(key, loaded);
    return loaded;
  }

  /** Reads and checks a tag by its name; null for a name that is none of ours. */
  async loadTag({ tag, oid }: TagRef): Promise<Version | InvalidVersion | null> {
    const parsed = parseTagName(this.workspace.config.tagPrefix, tag);
    return parsed && this.load({ ...parsed, tag, oid });
  }

  /** All versions of a prompt that hold together, highest first. */
  async versionsOf(name: string): Promise<Version[]> {
    const refs = await this.refsOf(name);
    const loaded = await Promise.all(refs.map((ref) => this.load(ref)));
    return loaded.filter(isVersion);
  }

  /** The highest version, of the stable ones only if asked; null when there is none. */
  async highest(name: string, options: { readonly stable: boolean }): Promise<Version | null> {
    for (const ref of await this.refsOf(name)) {
      if (options.stable && isPrerelease(ref.version)) continue;
      const version = await this.load(ref);
      if (isVersion(version)) return version;
    }
    return null;
  }

  /**
   * One version by its number.
   * @throws VERSION_NOT_FOUND, VERSION_CHANGED when the tag does not hold together
   */
  async get(name: string, version: string): Promise<Version> {
    const ref = await this.refOf(name, version);
    if (!ref) throw versionNotFound(name, version, await this.refsOf(name));
    const loaded = await this.load(ref);
    if (isVersion(loaded)) return loaded;
    throw promptvError('VERSION_CHANGED', { name, version, reason: loaded.invalid });
  }

  /** The tag of one number, checked; null when there is none. Lists nothing that was not listed yet. */
  async find(name: string, version: string): Promise<Version | InvalidVersion | null> {
    if (promptNameProblem(name) !== null) return null;
    const ref = await this.refOf(name, version);
    return ref && this.load(ref);
  }

  /** One exact tag needs no listing: its name tells the ref. */
  private async refOf(name: string, version: string): Promise<VersionRef | null> {
    if (this.allListed || this.unread.has(name))
      return (await this.refsOf(name)).find((ref) => ref.version === version) ?? null;
    const tag = tagNameOf(this.workspace, name, version);
    const object = await this.workspace.repository.readObject(`refs/tags/${tag}`);
    return object && { name, version, tag, oid: object.oid };
  }

  /** Groups by what stands before the `@`, and looks at each name and number only when its prompt is asked for. */
  private remember(tags: readonly TagRef[]): void {
    const start = this.workspace.config.tagPrefix.length + 1;
    for (const ref of tags) {
      const name = ref.tag.slice(start, ref.tag.indexOf('@', start));
      const group = this.unread.get(name);
      if (group) group.push(ref);
      else this.unread.set(name, [ref]);
    }
  }

  private readGroup(name: string): readonly VersionRef[] {
    const isName = promptNameProblem(name) === null;
    const start = this.workspace.config.tagPrefix.length + 1 + name.length + 1;
    const refs: VersionRef[] = [];
    for (const { tag, oid } of isName ? (this.unread.get(name) ?? []) : []) {
      const version = parseVersion(tag.slice(start));
      if (version) refs.push({ name, version, tag, oid });
    }
    const sorted = highestFirst(refs);
    this.listed.set(name, sorted);
    return sorted;
  }

  /**
   * The bytes and the document of a version.
   * @throws VERSION_CHANGED when they do not have the content hash that the tag records
   */
  async textOf(version: Version): Promise<VersionText> {
    const text = await this.readText(version);
    if (!('invalid' in text)) return text;
    throw promptvError('VERSION_CHANGED', {
      name: version.name,
      version: version.version,
      reason: text.invalid,
    });
  }

  private readText(version: Version): Promise<VersionText | { invalid: string }> {
    const known = this.texts.get(version.oid);
    if (known) return known;
    const text = this.checkText(version);
    this.texts.set(version.oid, text);
    return text;
  }

  private async check(ref: VersionRef): Promise<Version | InvalidVersion> {
    const stored = this.workspace.versionCache.get(ref.oid);
    if (stored && stored.tag === ref.tag) return stored;
    const checked = await this.checkTag(ref);
    if (isVersion(checked)) this.workspace.versionCache.put(ref.oid, checked);
    return checked;
  }

  private async checkTag(ref: VersionRef): Promise<Version | InvalidVersion> {
    const tag = await readTag(this.workspace.repository, ref.oid);
    if (!tag) return { ...ref, invalid: 'it is not an annotated tag' };
    if (tag.targetType !== 'commit') return { ...ref, invalid: `it tags a ${tag.targetType}, not a commit` };
    if (tag.name !== ref.tag) return { ...ref, invalid: `the tag object is named ${tag.name}` };
    const parsed = parseTagMessage({ name: ref.name, version: ref.version }, tag.message);
    if ('invalid' in parsed) return { ...ref, invalid: parsed.invalid };
    const { target: commit, tagger: author, date } = tag;
    const { path, blob, contentHash: hash } = parsed.record;
    const { name, version: number, oid } = ref;
    const { record } = parsed;
    // Spelt out: a spread takes as long as the rest of the check, and a sweep checks thousands.
    const version = {
      name,
      version: number,
      tag: ref.tag,
      oid,
      record,
      commit,
      author,
      date,
      path,
      blob,
      contentHash: hash,
    };
    if (this.workspace.verifiedObjects.has(ref.oid)) return version;
    const text = await this.readText(version);
    if ('invalid' in text) return { ...ref, invalid: text.invalid };
    this.workspace.verifiedObjects.add(ref.oid);
    return version;
  }

  private async checkText({
    commit,
    path,
    blob,
    record,
  }: Version): Promise<VersionText | { invalid: string }> {
    const { repository, documents } = this.workspace;
    const object = await repository.readObject(`${commit}:${path}`);
    if (object?.type !== 'blob') return { invalid: `its commit has no file ${path}` };
    if (object.oid !== blob)
      return { invalid: `its commit has another text at ${path} than the tag records` };
    const { document } = documents.parse(object.content, path, blob);
    if (!document) return { invalid: `${path} is not a prompt document there` };
    if (contentHash(document, record.pins) !== record.contentHash)
      return { invalid: 'its text does not have the content hash that the tag records' };
    return { bytes: object.content, document };
  }
}

const highestFirst = (refs: readonly VersionRef[]): VersionRef[] =>
  refs.toSorted((a, b) => compareVersions(b.version, a.version));

export const isVersion = (version: Version | InvalidVersion): version is Version => !('invalid' in version);

/** `VERSION_NOT_FOUND` with the nearest numbers, or words. */
export const versionNotFound = (
  name: string,
  version: string,
  refs: readonly VersionRef[],
  environments: readonly string[] = [],
): Error => {
  const near = nearestSelectors(version, { versions: refs.map((ref) => ref.version), environments });
  return promptvError('VERSION_NOT_FOUND', { name, version, suggestion: suggestion(near) });
};

export const tagNameOf = (workspace: Workspace, name: string, version: string): string =>
  formatTagName({ prefix: workspace.config.tagPrefix, name, version });
