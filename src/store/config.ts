import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { defaultConfig } from '../core/config/default-config.ts';
import { type ConfigOrigin, originsOf } from '../core/config/origins.ts';
import type { Config } from '../core/config/schema.ts';
import type { Problem } from '../core/prompt/document.ts';
import { promptvError } from '../errors.ts';

/** A workspace: its directory, and its configuration file if it has one; absolute paths without symbolic links. */
interface FoundWorkspace {
  readonly root: string;
  readonly configPath: string | null;
}

/** The configuration in force, and for every key where its value comes from. */
export interface LoadedConfig {
  readonly config: Config;
  readonly origins: Readonly<Record<string, ConfigOrigin>>;
  readonly path: string | null;
}

const ownFileNames = ['.promptrc.yaml', '.promptrc.yml', '.promptrc.json'];

/** Files that can hold the configuration of a workspace. */
export const configFileNames = [...ownFileNames, 'package.json'];

/**
 * The nearest directory upwards, not above git's top level, that has a configuration, else git's top level. Throws
 * CONFIG_INVALID for two configurations in one directory, FILE_ACCESS for a directory that cannot be read.
 */
export const findWorkspace = (startDir: string, gitTopLevel: string): FoundWorkspace => {
  const top = accessFile(gitTopLevel, () => realpathSync(gitTopLevel));
  let directory = accessFile(startDir, () => realpathSync(startDir));
  if (directory !== top && !directory.startsWith(join(top, '/'))) directory = top;
  while (true) {
    const configPath = findConfigFile(directory);
    if (configPath !== null) return { root: directory, configPath };
    if (directory === top) return { root: top, configPath: null };
    directory = dirname(directory);
  }
};

/**
 * Reads and checks a configuration file (for package.json its key `promptv`); without a path the defaults. Throws
 * CONFIG_NOT_FOUND, FILE_ACCESS, and CONFIG_INVALID with all problems of the file in `details.problems`.
 */
export const readConfig = async (path: string | null): Promise<LoadedConfig> => {
  if (path === null) return { config: defaultConfig, origins: originsOf({}), path };
  if (!isFile(path)) throw promptvError('CONFIG_NOT_FOUND', { path });
  const bytes = accessFile(path, () => readFileSync(path));
  return parseConfig(bytes, path);
};

/** Checks the bytes of a configuration file. @throws CONFIG_INVALID with all problems in `details.problems` */
export const parseConfig = async (bytes: Uint8Array, path: string): Promise<LoadedConfig> => {
  // YAML parser and schema take as long to load as git to answer; a workspace without a file never needs them.
  const [{ parseConfigSource }, { resolveConfig }] = await Promise.all([
    import('./config-source.ts'),
    import('../core/config/resolve-config.ts'),
  ]);
  const source = parseConfigSource(bytes, basename(path));
  if (source.problems.length > 0) throw invalidConfig(path, source.problems);
  const { config, problems, origins } = resolveConfig(source.value);
  if (config) return { config, origins, path };
  throw invalidConfig(
    path,
    problems.map((problem) => ({ severity: 'error', ...problem, ...source.locate(problem.path) })),
  );
};

const findConfigFile = (directory: string): string | null => {
  const names = ownFileNames.filter((name) => isFile(join(directory, name)));
  if (hasConfigKey(join(directory, 'package.json'))) names.push('package.json');
  const [name, ...others] = names;
  if (name === undefined) return null;
  if (others.length === 0) return join(directory, name);
  throw promptvError('CONFIG_INVALID', {
    path: directory,
    count: `${names.length} configurations (${names.join(', ')})`,
    first: 'this by keeping one of them',
    problems: [],
  });
};

const isFile = (path: string): boolean =>
  accessFile(path, () => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);

/** A package.json that names promptv and cannot be parsed counts too, so that its error is reported. */
const hasConfigKey = (path: string): boolean => {
  if (!isFile(path)) return false;
  const text = accessFile(path, () => readFileSync(path, 'utf8'));
  if (!text.includes('"promptv"')) return false;
  try {
    const manifest: unknown = JSON.parse(text);
    return typeof manifest === 'object' && manifest !== null && Object.hasOwn(manifest, 'promptv');
  } catch {
    return true;
  }
};

const accessFile = <T>(path: string, access: () => T): T => {
  try {
    return access();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw promptvError('FILE_ACCESS', { path, action: 'read', reason: error.code }, error);
  }
};

const invalidConfig = (path: string, problems: readonly Problem[]) => {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const [first] = sorted;
  return promptvError('CONFIG_INVALID', {
    path,
    count: problems.length === 1 ? '1 problem' : `${problems.length} problems`,
    first: `${path}:${first?.line}:${first?.column} (${first?.message})`,
    problems: sorted,
  });
};
