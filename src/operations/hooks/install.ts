import { join, relative, sep } from 'node:path';
import {
  addHuskyBlock,
  formatHook,
  formatLefthookSnippet,
  formerName,
  type HookName,
  hookNames,
  isAsWritten,
  isOwnHook,
  removeHuskyBlock,
} from '../../core/hooks/hook-script.ts';
import { promptvError } from '../../errors.ts';
import { moveHook, readHook, removeHook, replaceHook, writeHook } from '../../store/hook-files.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import {
  findHookPlace,
  type HookManager,
  type HookPlace,
  type HookState,
  stateOf,
  wantedHooks,
} from './hook-place.ts';

export interface HooksRequest {
  readonly dryRun?: boolean;
}

export interface InstallHooksRequest extends HooksRequest {
  /** This installation of promptv, absolute: the hook runs it. */
  readonly program: { readonly node: string; readonly script: string };
}

/** How a hook stands, after what was done. */
export interface HookReport {
  readonly name: HookName;
  /** Relative to the top folder where it lies below it. */
  readonly path: string;
  readonly state: HookState;
  readonly changed: boolean;
}

export interface HooksResult {
  readonly manager: HookManager;
  readonly hooks: readonly HookReport[];
  /** What a person must add to a file of another program; null when nothing. */
  readonly snippet: string | null;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/** Tells how the hooks of this clone stand. @throws HOOKS_SHARED */
export const hooksStatus = async (workspace: Workspace): Promise<HooksResult> => {
  const place = await findHookPlace(workspace);
  return resultOf(workspace, place, { changed: new Map(), dryRun: false });
};

/**
 * Installs the hooks that the configuration gives something to do. One that is there already is kept and runs after
 * ours; husky's file gets three lines more; of lefthook's own file the lines to add are the answer.
 * @throws HOOKS_SHARED, FILE_ACCESS
 */
export const installHooks = async (
  workspace: Workspace,
  { program, dryRun = false }: InstallHooksRequest,
): Promise<HooksResult> => {
  const place = await findHookPlace(workspace);
  const changed = new Map<HookName, HookState>();
  for (const hook of place.manager === 'lefthook' ? [] : wantedHooks(workspace)) {
    const state = stateOf(place, hook);
    if (state === 'installed' || state === 'chained') continue;
    if (!dryRun) installOne(place, hook, { program, state });
    changed.set(hook, state === 'foreign' && place.manager === 'git' ? 'chained' : 'installed');
  }
  return resultOf(workspace, place, { changed, dryRun });
};

const installOne = (
  { manager, folder }: HookPlace,
  hook: HookName,
  { program, state }: { readonly program: InstallHooksRequest['program']; readonly state: HookState },
): void => {
  const path = join(folder, hook);
  if (manager === 'husky') {
    writeHook(path, Buffer.from(addHuskyBlock(readHook(path) ?? '', hook), 'latin1'));
    return;
  }
  const former = join(folder, formerName(hook));
  if (state === 'foreign') moveHook(path, former);
  try {
    writeHook(path, formatHook(hook, program));
  } catch (error) {
    // A hook of another name guards nothing.
    if (state === 'foreign') replaceHook(former, path);
    throw error;
  }
};

/** Takes our hooks away and puts back what stood there before. @throws HOOKS_SHARED, HOOK_EDITED, FILE_ACCESS */
export const uninstallHooks = async (
  workspace: Workspace,
  { dryRun = false }: HooksRequest,
): Promise<HooksResult> => {
  const place = await findHookPlace(workspace);
  const changed = new Map<HookName, HookState>();
  assertUnedited(place);
  for (const hook of place.manager === 'lefthook' ? [] : hookNames) {
    const state = stateOf(place, hook);
    if (state !== 'installed' && state !== 'chained') continue;
    if (!dryRun) uninstallOne(place, hook, state);
    changed.set(hook, state === 'chained' || isShared(place, hook) ? 'foreign' : 'absent');
  }
  return resultOf(workspace, place, { changed, dryRun });
};

/** What a person wrote into our file would go with it. */
const assertUnedited = ({ manager, folder }: HookPlace): void => {
  for (const hook of manager === 'git' ? hookNames : []) {
    const path = join(folder, hook);
    const text = readHook(path) ?? '';
    if (isOwnHook(text) && !isAsWritten(text, hook)) throw promptvError('HOOK_EDITED', { path });
  }
};

const isShared = ({ manager, folder }: HookPlace, hook: HookName): boolean =>
  manager === 'husky' && removeHuskyBlock(readHook(join(folder, hook)) ?? '').trim() !== '';

const uninstallOne = (place: HookPlace, hook: HookName, state: HookState): void => {
  const path = join(place.folder, hook);
  if (isShared(place, hook)) writeHook(path, Buffer.from(removeHuskyBlock(readHook(path) ?? ''), 'latin1'));
  else if (state === 'chained') replaceHook(join(place.folder, formerName(hook)), path);
  else removeHook(path);
};

const resultOf = (
  workspace: Workspace,
  place: HookPlace,
  { changed, dryRun }: { readonly changed: ReadonlyMap<HookName, HookState>; readonly dryRun: boolean },
): HooksResult => {
  const isLefthook = place.manager === 'lefthook';
  return {
    manager: place.manager,
    hooks: hookNames.map((name) => ({
      name,
      path: shortPath(workspace, join(place.folder, name)),
      state: changed.get(name) ?? stateOf(place, name),
      changed: changed.has(name),
    })),
    snippet: isLefthook ? formatLefthookSnippet(wantedHooks(workspace)) : null,
    dryRun,
    warnings: [],
  };
};

const shortPath = ({ repository }: Workspace, path: string): string => {
  const short = relative(repository.topLevel, path).split(sep).join('/');
  return short.startsWith('..') ? path : short;
};
