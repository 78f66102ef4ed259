import { setImmediate } from 'node:timers/promises';
import { isPromptPath, promptNameOfPath, promptNameProblem } from '../core/prompt/name.ts';
import { includedPrompts } from '../core/template/template.ts';
import { isPromptvError, type PromptvError, promptvError } from '../errors.ts';
import { listTree } from '../git/history.ts';
import { type IndexEntry, listIndex } from '../git/index-entries.ts';
import { createGlobMatcher } from '../store/glob-matcher.ts';
import { readPromptFile } from '../store/prompt-file-content.ts';
import { listPromptFiles, type PromptFile, type PromptFileList } from '../store/prompt-files.ts';
import type { ParsedPromptText } from '../store/prompt-text.ts';
import { gitPath, promptsPrefix, type Workspace, workspacePath } from './workspace.ts';

/** A prompt's text as it stands somewhere: on disk, in the index, in a commit. */
export interface PromptSource {
  readonly name: string;
  /** Relative to the workspace. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The git blob id of the bytes. */
  readonly blob: string;
  readonly parsed: ParsedPromptText;
}

/** A file that cannot be a prompt at all: a link, too large, a second file of one name. */
export interface UnreadableSource {
  readonly name: string;
  readonly path: string;
  readonly error: PromptvError;
}

/**
 * The prompts of one place. `names` holds every name there, those of unreadable files too, or at least those that were
 * asked for when all are there.
 */
export interface Sources {
  readonly prompts: ReadonlyMap<string, PromptSource>;
  readonly unreadable: readonly UnreadableSource[];
  readonly names: readonly string[];
}

/** Reads prompt files on disk: all of them, or those with the given names, and on demand the partials they include. */
export const readWorkingSources = async (
  workspace: Workspace,
  names?: ReadonlySet<string>,
  options: { readonly withPartials?: boolean } = {},
): Promise<Sources> => {
  const prompts = new Map<string, PromptSource>();
  const unreadable: UnreadableSource[] = [];
  let only = names;
  let listed: readonly string[] = [];
  for (let isFirst = true; isFirst || (only && only.size > 0); isFirst = false) {
    const { files, problems } = await listPromptFiles(workspace.root, {
      ...workspace.config.prompts,
      ...(only && { only }),
    });
    unreadable.push(...problems.map((problem) => ({ name: nameOf(workspace, problem.path), ...problem })));
    if (isFirst) listed = namesOf(workspace, { files, problems });
    workspace.documents.expect(files.length);
    const read = await readSources(workspace, files);
    const sources = read.filter((source): source is PromptSource => !('error' in source));
    for (const source of sources) prompts.set(source.name, source);
    unreadable.push(...read.filter((source): source is UnreadableSource => 'error' in source));
    const partials = options.withPartials ? sources.flatMap(partialsOf) : [];
    only = new Set(partials.filter((name) => !prompts.has(name)));
  }
  const isComplete = !names || (names.size > 0 && [...names].every((name) => listed.includes(name)));
  return { prompts, unreadable, names: isComplete ? listed : await listNames(workspace) };
};

/** All names there: what a name that is not found may have been meant for. */
const listNames = async (workspace: Workspace): Promise<readonly string[]> => {
  return namesOf(workspace, await listPromptFiles(workspace.root, workspace.config.prompts));
};

/** A link or one of two files of a name is no prompt, and yet its name is taken. */
const namesOf = (workspace: Workspace, { files, problems }: PromptFileList): readonly string[] => {
  const broken = problems.map(({ path }) => nameOf(workspace, path));
  const names = new Set([...files.map(({ name }) => name), ...broken]);
  return [...names].filter((name) => promptNameProblem(name) === null);
};

/** The name that a file below the prompts directory has; the path is relative to the workspace. */
export const nameOf = (workspace: Workspace, path: string): string =>
  promptNameOfPath(path.slice(promptsPrefix(workspace).length));

/** The names that a text includes itself. */
export const partialsOf = (source: PromptSource): readonly string[] =>
  source.parsed.document ? includedPrompts(source.parsed.document) : [];

/** Some files a turn, so that git's answers are taken in between and it does not wait for us. */
const filesPerTurn = 4;

const readSources = async (
  workspace: Workspace,
  files: readonly PromptFile[],
): Promise<(PromptSource | UnreadableSource)[]> => {
  const read: (PromptSource | UnreadableSource)[] = [];
  for (const [index, file] of files.entries()) {
    if (index % filesPerTurn === filesPerTurn - 1) await setImmediate();
    read.push(readSource(workspace, file));
  }
  return read;
};

const readSource = (workspace: Workspace, file: PromptFile): PromptSource | UnreadableSource => {
  const { name, path } = file;
  try {
    const { bytes } = readPromptFile(file, { root: workspace.root, dir: workspace.config.prompts.dir });
    return toSource(workspace, { name, path }, bytes);
  } catch (error) {
    if (isPromptvError(error)) return { name, path, error };
    throw error;
  }
};

const toSource = (
  workspace: Workspace,
  { name, path }: { readonly name: string; readonly path: string },
  bytes: Uint8Array,
): PromptSource => {
  const { documents } = workspace;
  const blob = documents.blobId(bytes);
  return { name, path, bytes, blob, parsed: documents.parse(bytes, path, blob) };
};

/** The prompts among files of the index. */
export const readEntries = (workspace: Workspace, entries: readonly IndexEntry[]): Promise<Sources> =>
  readBlobs(
    workspace,
    entries.flatMap(({ path, blob, isLink }) => (isLink ? [] : [{ path, revision: blob }])),
  );

/** The prompts in the index that git is using now: inside a hook, exactly what it is about to commit. */
export const readStagedSources = async (workspace: Workspace): Promise<Sources> => {
  const { dir } = workspace.config.prompts;
  return readEntries(workspace, await listIndex(workspace.repository, gitPath(workspace, dir)));
};

/** The prompts of a commit. @throws REVISION_NOT_FOUND */
export const readRevisionSources = async (workspace: Workspace, revision: string): Promise<Sources> => {
  const commit = await workspace.repository.readObject(`${revision}^{commit}`);
  if (!commit) throw promptvError('REVISION_NOT_FOUND', { revision });
  const paths = await listTree(
    workspace.repository,
    commit.oid,
    gitPath(workspace, workspace.config.prompts.dir),
  );
  return readBlobs(
    workspace,
    paths.map((path) => ({ path, revision: `${commit.oid}:${path}` })),
  );
};

const readBlobs = async (
  workspace: Workspace,
  blobs: readonly { readonly path: string; readonly revision: string }[],
): Promise<Sources> => {
  workspace.documents.expect(blobs.length);
  const matches = await createGlobMatcher(workspace.config.prompts);
  const read = await Promise.all(
    blobs.map(async ({ path, revision }) => {
      const inside = workspacePath(workspace, path);
      const below = inside?.slice(promptsPrefix(workspace).length);
      if (!inside || !below || !isPromptPath(below) || !matches(below)) return null;
      const object = await workspace.repository.readObject(revision);
      const file = { name: promptNameOfPath(below), path: inside };
      return object?.type === 'blob' ? toSource(workspace, file, object.content) : null;
    }),
  );
  const sources = read.filter((source) => source !== null);
  const byName = new Map<string, PromptSource[]>();
  for (const source of sources) byName.set(source.name, [...(byName.get(source.name) ?? []), source]);
  const groups = [...byName.values()];
  const prompts = new Map(
    groups
      .filter(({ length }) => length === 1)
      .flatMap(([source]) => (source ? [[source.name, source] as const] : [])),
  );
  const unreadable = groups.filter(({ length }) => length > 1).flatMap(clashesOf);
  return { prompts, unreadable, names: [...prompts.keys()] };
};

const clashesOf = (namesakes: readonly PromptSource[]): UnreadableSource[] => {
  const paths = namesakes.map(({ path }) => path);
  return namesakes.map(({ name, path }) => ({
    name,
    path,
    error: promptvError('NAME_CLASH', { name, paths }),
  }));
};
