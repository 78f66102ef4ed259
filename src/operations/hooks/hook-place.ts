import { join } from 'node:path';
import {
  formerName,
  type HookName,
  hasHuskyBlock,
  hookNames,
  isOwnHook,
} from '../../core/hooks/hook-script.ts';
import { promptvError } from '../../errors.ts';
import { findHooksFolder } from '../../git/hooks-folder.ts';
import { readHook } from '../../store/hook-files.ts';
import { isInside } from '../../store/prompt-files.ts';
import { fileExists } from '../../store/read-file.ts';
import type { Workspace } from '../workspace.ts';

/** Who decides what git's hooks run: git's own files, or a program that a team has put in between. */
export type HookManager = 'git' | 'husky' | 'lefthook';

export interface HookPlace {
  readonly manager: HookManager;
  /** Absolute: where the files are that promptv would write. */
  readonly folder: string;
}

const lefthookFiles = ['lefthook', '.lefthook'].flatMap((name) =>
  ['yml', 'yaml', 'toml', 'json'].map((extension) => `${name}.${extension}`),
);

/** Where hooks of this clone belong. @throws HOOKS_SHARED when other repositories use the folder too */
export const findHookPlace = async ({ repository }: Workspace): Promise<HookPlace> => {
  const { topLevel, commonDir } = repository;
  const folder = await findHooksFolder(repository);
  for (const file of lefthookFiles)
    if (await fileExists(join(topLevel, file))) return { manager: 'lefthook', folder };
  if (/[\\/]\.husky(?:[\\/]_)?$/.test(folder)) return { manager: 'husky', folder: join(topLevel, '.husky') };
  if (!isInside(topLevel, folder) && !isInside(commonDir, folder))
    throw promptvError('HOOKS_SHARED', { folder });
  return { manager: 'git', folder };
};

/** `chained` runs what stood there before too; `foreign` is somebody else's alone. */
export type HookState = 'installed' | 'chained' | 'foreign' | 'absent';

/** How one hook stands. */
export const stateOf = ({ manager, folder }: HookPlace, hook: HookName): HookState => {
  const text = readHook(join(folder, hook));
  if (text === null) return 'absent';
  if (manager === 'husky') return hasHuskyBlock(text) ? 'installed' : 'foreign';
  if (!isOwnHook(text)) return 'foreign';
  return readHook(join(folder, formerName(hook))) === null ? 'installed' : 'chained';
};

/** The hooks that the configuration gives something to do. */
export const wantedHooks = ({ config }: Workspace): readonly HookName[] =>
  hookNames.filter((hook) => hook === 'pre-commit' || config.hooks.saveBranches.length > 0);
