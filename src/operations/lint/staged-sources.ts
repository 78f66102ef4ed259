import { isPromptPath, promptNameProblem } from '../../core/prompt/name.ts';
import { promptvError } from '../../errors.ts';
import { type IndexEntry, listIndex } from '../../git/index-entries.ts';
import { type IndexChanges, listStagedChanges } from '../../git/staged-changes.ts';
import {
  nameOf,
  type PromptSource,
  partialsOf,
  readEntries,
  type Sources,
  type UnreadableSource,
} from '../sources.ts';
import { gitPath, promptsPrefix, type Workspace, workspacePath } from '../workspace.ts';

/** What is being committed: the prompts that change, among those that had to be read. */
export interface StagedSources {
  readonly changed: ReadonlySet<string>;
  /** Prompts that stay as they are and include one that the commit takes away. */
  readonly bereft: ReadonlySet<string>;
  readonly sources: Sources;
}

/**
 * The prompts that the index git is using now adds or changes, and on demand the partials they include, as they stand
 * in that index. Without a changed prompt nothing more is asked; only where one disappears are all of them read.
 */
export const readStagedSources = async (
  workspace: Workspace,
  /** Called when some file changed, while git reads it. */
  meanwhile: () => void = () => {},
): Promise<StagedSources> => {
  const folder = gitPath(workspace, workspace.config.prompts.dir);
  const changes = await listStagedChanges(workspace.repository, folder);
  const reading = readEntries(workspace, changes.written);
  if (changes.written.length > 0) meanwhile();
  const { prompts, unreadable } = await reading;
  const changed = new Set(prompts.keys());
  const broken = [...unreadable, ...linksOf(workspace, changes)];
  const goneNames = changes.deleted.flatMap((path) => promptAt(workspace, path));
  if (goneNames.length === 0 && missingFrom(prompts).length === 0)
    return { changed, bereft: new Set(), sources: { prompts, unreadable: broken, names: [...changed] } };
  const all = await listIndex(workspace.repository, folder);
  const names = all.flatMap(({ path }) => promptAt(workspace, path));
  const gone = new Set(goneNames.filter((name) => !names.includes(name)));
  const read =
    gone.size > 0
      ? (await readEntries(workspace, all)).prompts
      : await readPartials(workspace, { prompts, all });
  const isBereft = (source: PromptSource): boolean => partialsOf(source).some((name) => gone.has(name));
  const bereft = [...read.values()].filter((source) => !changed.has(source.name) && isBereft(source));
  const sources = { prompts: new Map([...read, ...prompts]), unreadable: broken, names };
  return { changed, bereft: new Set(bereft.map(({ name }) => name)), sources };
};

const linksOf = (workspace: Workspace, { written }: IndexChanges): UnreadableSource[] =>
  written
    .filter(({ isLink }) => isLink)
    .flatMap((entry) => {
      const path = workspacePath(workspace, entry.path);
      return path === null || !isPromptPath(path)
        ? []
        : [{ name: nameOf(workspace, path), path, error: promptvError('FILE_SYMLINK', { path }) }];
    });

/** The name of the prompt at a path of git, if it can be one. */
const promptAt = (workspace: Workspace, path: string): string[] => {
  const inside = workspacePath(workspace, path);
  if (inside === null || !isPromptPath(inside.slice(promptsPrefix(workspace).length))) return [];
  const name = nameOf(workspace, inside);
  return promptNameProblem(name) === null ? [name] : [];
};

type Prompts = ReadonlyMap<string, PromptSource>;

const missingFrom = (prompts: Prompts): string[] =>
  [...prompts.values()].flatMap(partialsOf).filter((name) => !prompts.has(name));

/** What the prompts include, transitively, as far as it is there. */
const readPartials = async (
  workspace: Workspace,
  { prompts, all }: { readonly prompts: Prompts; readonly all: readonly IndexEntry[] },
): Promise<Prompts> => {
  const found = new Map(prompts);
  for (let wanted = new Set(missingFrom(found)); wanted.size > 0; ) {
    const read = await readEntries(
      workspace,
      all.filter(({ path }) => promptAt(workspace, path).some((name) => wanted.has(name))),
    );
    for (const [name, source] of read.prompts) found.set(name, source);
    wanted = new Set(missingFrom(found).filter((name) => !wanted.has(name)));
  }
  return found;
};
