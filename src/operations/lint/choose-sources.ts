import { formatSelector, parseReference } from '../../core/version/reference.ts';
import { promptvError } from '../../errors.ts';
import { readRevisionSources, readWorkingSources, type Sources } from '../sources.ts';
import type { Versions } from '../versions.ts';
import { promptNameFrom, promptNotFound, type Workspace } from '../workspace.ts';
import { readStagedSources } from './staged-sources.ts';
import { readVersionSources } from './version-sources.ts';

/** Prompts of one place, with what they include. */
export interface ChosenSources {
  readonly sources: Sources;
  readonly wanted: (name: string) => boolean;
  /** Of the wanted, those that are judged for missing partials alone: somebody else's change breaks them. */
  readonly bereft?: ReadonlySet<string>;
  /** All prompts are there, so that they can be compared with each other. */
  readonly isWhole: boolean;
  /** `NAME@VERSION` or `NAME@git:REV` where one text is wanted that is no file; null for files. */
  readonly label: string | null;
}

interface Choice {
  readonly refs?: readonly string[];
  readonly staged?: boolean;
  readonly fix?: boolean;
}

/**
 * What is to be linted, place by place: the files first, then each other text once, in the order of the references.
 * @throws USAGE, PROMPT_NOT_FOUND, NAME_INVALID, as `resolveRef`
 */
export const chooseSources = async (
  workspace: Workspace,
  versions: Versions,
  { refs = [], staged = false, fix = false }: Choice,
): Promise<ChosenSources[]> => {
  if (staged && (fix || refs.length > 0))
    throw promptvError('USAGE', {
      message: '--staged goes neither with names nor with --fix: it reads what git is committing.',
      hint: 'Run "promptv lint --fix", and "git add" what it mended.',
    });
  if (staged) return [await chooseStaged(workspace)];
  const parsed = refs.map((ref) => ({ ref, ...parseReference(ref) }));
  const onDisk = parsed.filter(({ selector }) => selector === null || selector.kind === 'working');
  const others = parsed.filter((each) => !onDisk.includes(each));
  const [first] = others;
  if (fix && first)
    throw promptvError('USAGE', {
      message: `--fix mends files on disk, and ${first.ref} is none.`,
      hint: `Run "promptv lint ${first.name} --fix", or leave --fix out.`,
    });
  const chosen: ChosenSources[] = [];
  if (onDisk.length > 0 || others.length === 0)
    chosen.push(
      await chooseFiles(
        workspace,
        onDisk.map(({ name }) => name),
      ),
    );
  for (const { ref } of others) {
    const text = await chooseText(workspace, versions, ref);
    if (!chosen.some(({ label }) => label === text.label)) chosen.push(text);
  }
  return chosen;
};

const chooseStaged = async (workspace: Workspace): Promise<ChosenSources> => {
  // git takes as long to start as the library to load.
  const { changed, bereft, sources } = await readStagedSources(workspace, () => {
    if (workspace.config.lint.rules.profanity !== 'off') void import('../../core/lint/profanity.ts');
  });
  const broken = new Set(sources.unreadable.map(({ name }) => name));
  const wanted = (name: string): boolean => changed.has(name) || bereft.has(name) || broken.has(name);
  return { sources, wanted, bereft, isWhole: false, label: null };
};

const chooseFiles = async (workspace: Workspace, typed: readonly string[]): Promise<ChosenSources> => {
  const names = typed.length > 0 ? new Set(typed.map((name) => promptNameFrom(workspace, name))) : undefined;
  const sources = await readWorkingSources(workspace, names, { withPartials: true });
  const known = namesIn(sources);
  for (const name of names ?? []) if (!known.has(name)) throw promptNotFound(name, known);
  return {
    sources,
    wanted: (name) => names?.has(name) ?? true,
    isWhole: names === undefined,
    label: null,
  };
};

const namesIn = ({ names, unreadable }: Sources): Set<string> =>
  new Set([...names, ...unreadable.map(({ name }) => name)]);

const chooseText = async (workspace: Workspace, versions: Versions, ref: string): Promise<ChosenSources> => {
  // Loaded here: a hook before every commit never needs it.
  const { missingSource, resolveSavedVersion } = await import('../resolve-ref.ts');
  const { name: typed, selector } = parseReference(ref);
  if (selector?.kind !== 'git') {
    const version = await resolveSavedVersion(workspace, versions, { ref });
    const sources = await readVersionSources(workspace, versions, version);
    return oneOf(sources, version.name, version.version);
  }
  const name = promptNameFrom(workspace, typed);
  const sources = await readRevisionSources(workspace, selector.revision);
  const place = formatSelector(selector);
  if (!namesIn(sources).has(name))
    throw await missingSource(workspace, versions, { name, sources, label: place });
  return oneOf(sources, name, place);
};

const oneOf = (sources: Sources, wanted: string, place: string): ChosenSources => ({
  sources,
  wanted: (name) => name === wanted,
  isWhole: false,
  label: `${wanted}@${place}`,
});
