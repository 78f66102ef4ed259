import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { CiContext } from '../core/ci-context.ts';
import { readCiContext } from '../core/ci-context.ts';
import type { Config } from '../core/config/schema.ts';
import {
  isPromptPath,
  nearestNames,
  promptNameOfPath,
  promptNameProblem,
  suggestion,
} from '../core/prompt/name.ts';
import { quoteShellWord } from '../core/shell-word.ts';
import { isPromptvError, promptvError } from '../errors.ts';
import { type GitObserver, openRepository, type Repository } from '../git/repository.ts';
import { CacheFolder } from '../store/cache-folder.ts';
import { CheckResults } from '../store/check-results.ts';
import { findWorkspace, type LoadedConfig, parseConfig, readConfig } from '../store/config.ts';
import { DocumentCache } from '../store/document-cache.ts';
import type { LockHolder } from '../store/lock.ts';
import { realFolder, withRealFolders } from '../store/read-file.ts';
import { TreeCache } from '../store/tree-cache.ts';
import { VerifiedObjects } from '../store/verified-objects.ts';
import { VersionCache } from '../store/version-cache.ts';
import type { Version } from './versions.ts';

export { suggestion } from '../core/prompt/name.ts';

export interface OpenOptions {
  /** The folder to start from; everything is found from here, never from the process's own folder. */
  readonly cwd: string;
  /** A configuration file to use instead of the one found. */
  readonly config?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly now?: () => Date;
  /** Called with the arguments of every git process. */
  readonly onGit?: GitObserver;
  /** Called once when another promptv holds the lock of this clone. */
  readonly onWait?: (holder: LockHolder) => void;
  /** With this a configuration that is not valid gives way to the one last committed, and its path is told. */
  readonly onCommittedConfig?: (path: string) => void;
}

/** An open workspace: the repository, the configuration in force, and the surroundings that operations may look at. */
export interface Workspace {
  /** The workspace's folder, absolute; paths in results are relative to it, with `/`. */
  readonly root: string;
  /** What leads from git's top folder to `root`: empty or ending in `/`. */
  readonly prefix: string;
  readonly cwd: string;
  readonly repository: Repository;
  readonly config: Config;
  readonly loadedConfig: LoadedConfig;
  readonly documents: DocumentCache;
  readonly verifiedObjects: VerifiedObjects;
  readonly versionCache: VersionCache<Version>;
  readonly checkResults: CheckResults;
  readonly pointerCache: TreeCache;
  readonly searchCache: TreeCache;
  readonly env: NodeJS.ProcessEnv;
  readonly ci: CiContext | null;
  readonly now: () => Date;
  readonly onWait: (holder: LockHolder) => void;
  /** Writes the cache back and ends the processes that stay open. */
  close(): Promise<void>;
}

/**
 * Opens the workspace around a folder.
 * @throws NOT_A_REPOSITORY, BARE_REPOSITORY, CONFIG_INVALID, CONFIG_NOT_FOUND, GIT_MISSING
 */
export const openWorkspace = async (options: OpenOptions): Promise<Workspace> => {
  const env = options.env ?? process.env;
  const cwd = await realFolder(options.cwd);
  const repository = await openRepository(cwd, env, options.onGit);
  try {
    const place = findWorkspace(cwd, repository.topLevel);
    const configPath = options.config ? resolve(cwd, options.config) : place.configPath;
    const loadedConfig = await readConfig(configPath).catch((error: unknown) =>
      readCommittedConfig(repository, { path: configPath, error, tell: options.onCommittedConfig }),
    );
    const cache = new CacheFolder(
      join(place.root, '.promptv/cache'),
      join(repository.commonDir, 'promptv-cache-key'),
    );
    const documents = new DocumentCache(cache, repository.objectFormat);
    const verifiedObjects = new VerifiedObjects(cache);
    const versionCache = new VersionCache<Version>(cache);
    return {
      root: place.root,
      prefix: prefixOf(place.root, repository.topLevel),
      cwd,
      repository,
      config: loadedConfig.config,
      loadedConfig,
      documents,
      verifiedObjects,
      versionCache,
      checkResults: new CheckResults(cache),
      pointerCache: new TreeCache(cache, 'pointers-4.json'),
      searchCache: new TreeCache(cache, 'state-search.json'),
      env,
      ci: readCiContext(env),
      now: options.now ?? (() => new Date()),
      onWait: options.onWait ?? (() => {}),
      close: async () => {
        repository.close();
        verifiedObjects.flush();
        versionCache.flush();
        documents.flush();
      },
    };
  } catch (error) {
    repository.close();
    throw error;
  }
};

interface BrokenConfig {
  readonly path: string | null;
  readonly error: unknown;
  readonly tell: ((path: string) => void) | undefined;
}

/** In an emergency a file that is being edited must not keep anything from going back. @throws the error */
const readCommittedConfig = async (
  repository: Repository,
  { path, error, tell }: BrokenConfig,
): Promise<LoadedConfig> => {
  if (tell === undefined || path === null || !isPromptvError(error) || error.code !== 'CONFIG_INVALID')
    throw error;
  const committed = await repository.readObject(
    `HEAD:${relative(repository.topLevel, path).split(sep).join('/')}`,
  );
  const loaded = committed && (await parseConfig(committed.content, path).catch(() => null));
  if (!loaded) throw error;
  tell(path);
  return loaded;
};

const prefixOf = (root: string, topLevel: string): string => {
  const path = relative(topLevel, root).split(sep).join('/');
  return path === '' ? '' : `${path}/`;
};

/** A path of the workspace as git names it, from the top folder. */
export const gitPath = (workspace: Workspace, path: string): string => `${workspace.prefix}${path}`;

/** What leads from the workspace to its prompts: empty or ending in `/`. */
export const promptsPrefix = ({ config }: Workspace): string =>
  config.prompts.dir === '.' ? '' : `${config.prompts.dir}/`;

/** A path as git names it, relative to the workspace; null when it lies outside. */
export const workspacePath = (workspace: Workspace, path: string): string | null =>
  path.startsWith(workspace.prefix) ? path.slice(workspace.prefix.length) : null;

/** What to type instead of `NAME@SELECTOR`; both parts are safe to paste into a shell. */
type Instead = (name: string, selector: string) => string;

/**
 * The prompt's name for what a user typed: a name, or the path of a file below the prompts directory. Where somebody
 * gives a version, `instead` says what to type; without it that is the name.
 * @throws NAME_INVALID, VERSION_UNEXPECTED, FILE_OUTSIDE, FILE_NO_PROMPT
 */
export const promptNameFrom = (workspace: Workspace, typed: string, instead?: Instead): string => {
  if (!looksLikePath(typed)) {
    const reason = promptNameProblem(typed);
    if (reason) throw nameInvalid(typed, { reason, instead });
    return typed;
  }
  const directory = workspace.config.prompts.dir;
  const place = resolve(workspace.cwd, typed);
  const below = pathBelow(workspace, place) ?? pathBelow(workspace, withRealFolders(place));
  if (below === null) throw promptvError('FILE_OUTSIDE', { path: typed, directory });
  if (!isPromptPath(below)) throw promptvError('FILE_NO_PROMPT', { path: typed });
  return promptNameOfPath(below.split(sep).join('/'));
};

const nameInvalid = (
  typed: string,
  { reason, instead = (name) => name }: { readonly reason: string; readonly instead?: Instead },
): Error => {
  const at = typed.indexOf('@');
  const name = typed.slice(0, at);
  if (at <= 0 || promptNameProblem(name) !== null)
    return promptvError('NAME_INVALID', { name: typed, reason });
  const selector = typed.slice(at + 1);
  const way = selector === '' ? name : instead(name, quoteShellWord(selector));
  return promptvError('VERSION_UNEXPECTED', { ref: typed, name, instead: way });
};

/** A path below the prompts directory, or empty for the directory itself; null for one that lies outside. */
const pathBelow = ({ root, config }: Workspace, place: string): string | null => {
  const below = relative(join(root, config.prompts.dir), place);
  return below.startsWith('..') || isAbsolute(below) ? null : below;
};

const looksLikePath = (typed: string): boolean =>
  /\.(?:ya?ml|json)$/i.test(typed) || /^\.{0,2}[/\\]/.test(typed);

/** `PROMPT_NOT_FOUND` with the nearest names. */
export const promptNotFound = (name: string, known: Iterable<string>): Error =>
  promptvError('PROMPT_NOT_FOUND', { name, suggestion: suggestion(nearestNames(name, [...known])) });
