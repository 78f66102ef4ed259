import { dirname, join } from 'node:path/posix';
import type { PromptDocument } from '../core/prompt/document.ts';
import { promptNameOfPath, testPathsOf } from '../core/prompt/name.ts';
import { replacePartialName } from '../core/template/partial-name.ts';
import { documentTemplates, includedPrompts } from '../core/template/template.ts';
import { promptvError } from '../errors.ts';
import { isIgnored, readWorkTree, type WorkTreeState } from '../git/work-tree.ts';
import { readBytesIfThere, readMode } from '../store/read-file.ts';
import { splicePromptText, type TextEdit } from '../store/splice.ts';
import { assertFree, assertPromptPlace } from './prompt-place.ts';
import { type PromptSource, readWorkingSources } from './sources.ts';
import { Versions } from './versions.ts';
import { gitPath, promptNotFound, promptsPrefix, type Workspace, workspacePath } from './workspace.ts';

export interface Names {
  readonly from: string;
  readonly to: string;
}

/** A file's text before and after, bytes where it only moves; null is a file that is not there. Paths are relative to the workspace. */
export interface FileChange {
  readonly path: string;
  readonly before: string | Uint8Array | null;
  readonly after: string | Uint8Array | null;
  /** Of a file that moves; one that is rewritten in place keeps its own. */
  readonly mode?: number | undefined;
}

/** Every file that a rename touches, new ones first and removed ones last. */
export interface RenamePlan extends Names {
  /** The prompt's new file. */
  readonly path: string;
  readonly changes: readonly FileChange[];
  /** Files in place whose references change. */
  readonly updated: readonly string[];
  readonly workTree: WorkTreeState;
  /** Files that name the prompt and are not valid, so that nobody can tell what to rewrite. */
  readonly unsure: readonly string[];
}

/**
 * Plans the move of one prompt; what an interrupted run has done already is part of the plan again.
 * @throws PROMPT_NOT_FOUND, TEXT_NOT_FOUND, FILE_IGNORED, FILES_MODIFIED, REMOVAL_STAGED, as `assertPromptPlace` and `assertFree`
 */
export const planRename = async (workspace: Workspace, names: Names): Promise<RenamePlan> => {
  const { prompts, unreadable } = await readWorkingSources(workspace);
  const workTree = await readWorkTree(workspace.repository, [
    gitPath(workspace, workspace.config.prompts.dir),
  ]);
  const source = await findSource(workspace, names, { prompts, workTree });
  const path = movedPath(workspace, source.path, names);
  const target = prompts.get(names.to) ?? unreadable.find(({ name }) => name === names.to);
  if (target && (target.path !== path || 'error' in target))
    throw promptvError('NAME_EXISTS', { name: names.to, path: target.path });
  const moved = [move(source.path, path, source), ...(await moveTests(workspace, source.path, path))];
  await assertTarget(workspace, { name: names.to, path, made: moved.map(([made]) => made), workTree });
  const others = [...prompts.values()].filter(({ name }) => name !== names.from && name !== names.to);
  const updates = (
    await Promise.all(others.map((other) => updateReferences(workspace, other, { names, workTree })))
  ).flat();
  const changes = [...moved.map(([made]) => made), ...updates, ...moved.map(([, removed]) => removed)];
  assertNotForgotten(workspace, changes, workTree);
  assertUnmodified(
    workspace,
    moved.map(([, removed]) => removed),
    workTree,
  );
  const unsure = others.filter((other) => isUnsure(other, names.from)).map((other) => other.path);
  return { ...names, path, changes, updated: updates.map((update) => update.path), workTree, unsure };
};

interface Target {
  readonly name: string;
  readonly path: string;
  readonly made: readonly FileChange[];
  readonly workTree: WorkTreeState;
}

/** The new files are the prompt of the new name, nothing stands there, and git will take them. */
const assertTarget = async (workspace: Workspace, { name, path, made, workTree }: Target): Promise<void> => {
  await assertPromptPlace(workspace, { name, path });
  await assertFree(workspace, { prompt: { name, path }, files: made, workTree });
  for (const file of made)
    if (await isIgnored(workspace.repository, gitPath(workspace, file.path)))
      throw promptvError('FILE_IGNORED', { path: file.path });
};

type Move = readonly [made: FileChange, removed: FileChange];

const move = (from: string, to: string, { bytes, mode }: Moved): Move => [
  { path: to, before: null, after: bytes, mode },
  { path: from, before: bytes, after: null, mode },
];

interface Moved {
  readonly bytes: Uint8Array;
  readonly mode: number | undefined;
}

interface Found extends Moved {
  readonly path: string;
}

/** The prompt's file; if a killed run has removed it already, as HEAD has it. */
const findSource = async (
  workspace: Workspace,
  { from }: Names,
  {
    prompts,
    workTree,
  }: { readonly prompts: ReadonlyMap<string, PromptSource>; readonly workTree: WorkTreeState },
): Promise<Found> => {
  const source = prompts.get(from);
  if (source) {
    const { path, bytes } = source;
    return { path, bytes, mode: await readMode(join(workspace.root, path)) };
  }
  for (const { path: gitName, inHead } of workTree.files.values()) {
    const path = workspacePath(workspace, gitName);
    if (!inHead || path === null || nameOf(workspace, path) !== from) continue;
    const blob = await workspace.repository.readObject(`HEAD:${gitName}`);
    if (blob) return { path, bytes: blob.content, mode: undefined };
  }
  const versions = new Versions(workspace);
  await versions.listAll();
  if (!versions.names().includes(from)) throw promptNotFound(from, [...prompts.keys(), ...versions.names()]);
  throw promptvError('TEXT_NOT_FOUND', { name: from, place: 'its path', suggestion: '' });
};

const nameOf = (workspace: Workspace, path: string): string =>
  promptNameOfPath(path.slice(promptsPrefix(workspace).length));

/** Keeps the extension, and the file's own spelling of a folder that both names share. */
const movedPath = (workspace: Workspace, path: string, { from, to }: Names): string => {
  const extension = /(?:\.prompt)?\.(?:ya?ml|json)$/i.exec(path)?.[0] ?? '.yaml';
  if (dirname(from) === dirname(to)) return join(dirname(path), `${to.split('/').at(-1)}${extension}`);
  return `${promptsPrefix(workspace)}${to}${extension}`;
};

const moveTests = async (workspace: Workspace, from: string, to: string): Promise<Move[]> => {
  const targets = testPathsOf(to);
  const moves = testPathsOf(from).map(async (tests, index): Promise<Move[]> => {
    const place = join(workspace.root, tests);
    const bytes = await readBytesIfThere(place);
    if (bytes === null) return [];
    return [move(tests, targets[index] ?? tests, { bytes, mode: await readMode(place) })];
  });
  return (await Promise.all(moves)).flat();
};

const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** Rewrites a file that refers to the old name. A file with other edits is refused, one that is rewritten already is kept. */
const updateReferences = async (
  workspace: Workspace,
  source: PromptSource,
  { names, workTree }: { readonly names: Names; readonly workTree: WorkTreeState },
): Promise<FileChange[]> => {
  const { path, bytes } = source;
  const before = decode(bytes);
  const state = workTree.files.get(gitPath(workspace, path))?.state;
  const after = rewrite(source, before, names);
  if (state === undefined || state === 'untracked' || state === 'ignored')
    return after === before ? [] : [{ path, before, after }];
  const committed = await workspace.repository.readObject(`HEAD:${gitPath(workspace, path)}`);
  const original = committed ? decode(committed.content) : '';
  const parsed = committed ? workspace.documents.parse(committed.content, path) : null;
  const rewritten = parsed ? rewrite({ ...source, parsed }, original, names) : original;
  if (rewritten !== original && rewritten === before) return [{ path, before: original, after: before }];
  if (after !== before) throw promptvError('FILES_MODIFIED', { paths: [path] });
  return [];
};

const rewrite = (source: PromptSource, text: string, names: Names): string => {
  const { document } = source.parsed;
  return document && refersTo(document, names.from)
    ? splicePromptText(text, referenceEdits(document, names), source.path)
    : text;
};

/** Whether a document that cannot be understood has the name in its text. */
const isUnsure = ({ parsed, bytes }: PromptSource, name: string): boolean =>
  !parsed.document &&
  decode(bytes)
    .split(/[^\w./-]+/)
    .includes(name);

const refersTo = (document: PromptDocument, name: string): boolean =>
  Object.hasOwn(document.dependencies ?? {}, name) || includedPrompts(document).includes(name);

const referenceEdits = (document: PromptDocument, { from, to }: Names): TextEdit[] => {
  const edits: TextEdit[] = documentTemplates(document).flatMap(({ path, text }) => {
    const value = replacePartialName(text, { from, to });
    return value === text ? [] : [{ path, value }];
  });
  const isDeclared = Object.hasOwn(document.dependencies ?? {}, from);
  return isDeclared ? [...edits, { path: ['dependencies', from], key: to }] : edits;
};

/** The commit must not take along edits that the user has not committed. */
const assertUnmodified = (
  workspace: Workspace,
  removed: readonly FileChange[],
  { files }: WorkTreeState,
): void => {
  const paths = removed.map(({ path }) => path);
  const modified = paths.filter((path) => {
    const state = files.get(gitPath(workspace, path));
    return state?.state === 'partial' || (state?.state === 'modified' && !state.isDeleted);
  });
  if (modified.length > 0) throw promptvError('FILES_MODIFIED', { paths: modified });
};

/** What HEAD has and the index has not is no part of a commit of those paths: the old file would stay in HEAD. */
const assertNotForgotten = (
  workspace: Workspace,
  changes: readonly FileChange[],
  { files }: WorkTreeState,
): void => {
  const forgotten = changes.find(({ path }) => {
    const file = files.get(gitPath(workspace, path));
    return file?.inHead && (file.state === 'untracked' || file.state === 'ignored');
  });
  if (forgotten) throw promptvError('REMOVAL_STAGED', { path: forgotten.path });
};
