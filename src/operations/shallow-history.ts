import { parseTagName } from '../core/version/tag-name.ts';
import { promptvError } from '../errors.ts';
import { listFirstCommits } from '../git/history.ts';
import type { NumberRules } from './plan-versions.ts';
import type { RemoteView } from './remote-view.ts';
import { namesIn } from './renames.ts';
import type { PlannedSave } from './save-plan.ts';
import type { PromptState, Warning } from './types.ts';
import type { Versions } from './versions.ts';
import type { Workspace } from './workspace.ts';

export interface ShallowView {
  readonly versions: Versions;
  /** Every prompt that has a file. */
  readonly files: readonly string[];
  /** Null when the remote was not asked. */
  readonly remote: RemoteView | null;
  readonly rules: NumberRules;
}

/**
 * Refuses to choose numbers in a shallow clone that may have versions, or renames, which were not fetched.
 * @throws TAGS_MISSING, HISTORY_MISSING
 */
export const assertNumbersKnown = async (
  workspace: Workspace,
  saves: readonly PlannedSave[],
  view: ShallowView,
): Promise<void> => {
  if (!workspace.repository.isShallow) return;
  // Who names the number says what it follows, and the remote was asked whether it is free.
  if (view.remote && view.rules.setVersion !== undefined) return;
  if (view.remote) await assertNotRenamed(workspace, saves, { ...view, remote: view.remote });
  else await assertTagsFetched(workspace, saves, view.versions);
};

/** Says that what looks new here may have versions elsewhere. */
export const shallowWarnings = (
  { repository }: Workspace,
  prompts: readonly { readonly state: PromptState }[],
): readonly Warning[] => {
  const count = prompts.filter(({ state }) => state === 'new').length;
  if (!repository.isShallow || count === 0) return [];
  const words = count === 1 ? 'a prompt that looks new' : `${count} prompts that look new`;
  const message = `This is a shallow clone: ${words} may have versions whose tags are not here. "promptv sync --tags" fetches them; what looks new then, is.`;
  return [{ code: 'TAGS_MISSING', message }];
};

const assertTagsFetched = async (
  { config }: Workspace,
  saves: readonly PlannedSave[],
  versions: Versions,
): Promise<void> => {
  const unknown: string[] = [];
  for (const { source, renamedFrom } of saves) {
    const refs = await versions.refsOf(renamedFrom ?? source.name);
    const known = new Set(refs.map(({ version }) => version));
    const valid = await versions.versionsOf(renamedFrom ?? source.name);
    const hasGap = valid.some(({ record }) => record.previousVersion && !known.has(record.previousVersion));
    if (refs.length === 0 || (hasGap && !valid.some(({ record }) => record.renamedFrom)))
      unknown.push(source.name);
  }
  const { tagPrefix: prefix, push } = config;
  if (unknown.length > 0) throw promptvError('TAGS_MISSING', { names: unknown, remote: push.remote, prefix });
};

/**
 * A prompt without versions that the oldest commit has already may have been renamed before it: from one of those that
 * have versions on the remote and no file.
 */
const assertNotRenamed = async (
  workspace: Workspace,
  saves: readonly PlannedSave[],
  { files, versions, remote }: ShallowView & { readonly remote: RemoteView },
): Promise<void> => {
  const first = saves.filter(({ next, renamedFrom }) => next.previous === null && renamedFrom === null);
  if (first.length === 0) return;
  const here = new Set(files);
  const { tagPrefix } = workspace.config;
  const versioned = [...remote.tags.keys()].flatMap((tag) => parseTagName(tagPrefix, tag)?.name ?? []);
  const continued = await namesContinued(versions);
  const gone = [...new Set(versioned)].filter((name) => !here.has(name) && !continued.has(name));
  if (gone.length === 0) return;
  const sources = first.map(({ source }) => source);
  const oldest = await listFirstCommits(workspace.repository);
  const old = (await Promise.all(oldest.map((commit) => namesIn(workspace, commit, sources)))).flat();
  if (old.length > 0)
    throw promptvError('HISTORY_MISSING', {
      names: [...new Set(old)],
      first: old[0],
      gone,
      remote: remote.remote,
    });
};

/** The old names whose numbers went on under another name already, as far as the tags of this clone tell. */
const namesContinued = async (versions: Versions): Promise<ReadonlySet<string | null>> => {
  await versions.listAll();
  const saved = await Promise.all(versions.names().map((name) => versions.versionsOf(name)));
  return new Set(saved.flat().map(({ record }) => record.renamedFrom));
};
