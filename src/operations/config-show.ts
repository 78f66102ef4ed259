import { relative, sep } from 'node:path';
import type { ConfigOrigin } from '../core/config/origins.ts';
import type { Config } from '../core/config/schema.ts';
import type { Workspace } from './workspace.ts';

export interface ConfigShowResult {
  /** The configuration file, relative to the workspace; null when there is none. */
  readonly path: string | null;
  readonly workspace: string;
  /** Every key with the value in force. */
  readonly config: Config;
  /** Dotted key → where its value comes from. */
  readonly origins: Readonly<Record<string, ConfigOrigin>>;
}

/** The configuration in force and where each value comes from. */
export const showConfig = async (workspace: Workspace): Promise<ConfigShowResult> => {
  const { path, config, origins } = workspace.loadedConfig;
  const { root } = workspace;
  const shown = path === null ? null : relative(root, path).split(sep).join('/');
  return { path: shown, workspace: root, config, origins };
};
