import { resolve } from 'node:path';
import { servingOf } from '../core/bundle/find-prompt.ts';
import type { Bundle } from '../core/bundle/schema.ts';
import { toFlagd } from '../core/serving/flagd.ts';
import { assertOutputFolder, writeFileWhole } from '../store/write-file.ts';
import { collectBundle } from './collect-bundle.ts';
import type { Warning } from './types.ts';
import type { Workspace } from './workspace.ts';

export interface ExportRequest {
  readonly environment: string;
  /** The file to write, relative to where the workspace was opened; none is written without it. */
  readonly output?: string;
  /** Another branch than the configured one. */
  readonly branch?: string;
  readonly dryRun?: boolean;
}

export interface ExportResult {
  /** As it was named; null when none is written. */
  readonly file: string | null;
  readonly environment: string;
  /** One for each prompt that runs there, by name. */
  readonly flags: readonly { readonly flag: string; readonly variants: readonly string[] }[];
  /** The file's exact text. */
  readonly raw: string;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Writes what an environment runs as the flags of OpenFeature's flagd: one a prompt, with its experiment's split.
 * @throws ENVIRONMENT_NOT_FOUND, VERSION_CHANGED, STATE_INVALID
 */
export const exportFlags = async (workspace: Workspace, request: ExportRequest): Promise<ExportResult> => {
  const { environment, output, branch, dryRun = false } = request;
  const file = output === undefined ? null : resolve(workspace.cwd, output);
  if (file !== null) await assertOutputFolder(file);
  const { bundle, refused, warnings } = await collectBundle(workspace, {
    environments: [environment],
    isWanted: () => true,
    branch,
  });
  const [first] = refused;
  if (first) throw first.error;
  const names = Object.keys(bundle.environments[environment] ?? {});
  const prompts = names.map((name) => ({ prompt: name, serving: servingOf(bundle, { environment, name }) }));
  const content = toFlagd(environment, prompts, workspace.now());
  const raw = `${JSON.stringify(content, null, 2)}\n`;
  if (file !== null && !dryRun) await writeFileWhole(file, raw);
  return {
    file: output ?? null,
    environment,
    flags: Object.entries(content.flags).map(([flag, { variants }]) => ({
      flag,
      variants: Object.keys(variants),
    })),
    raw,
    dryRun,
    warnings: [...warnings, ...hashWarnings(bundle, environment)],
  };
};

const hashWarnings = ({ experiments = {}, rollouts = {} }: Bundle, environment: string): Warning[] => {
  const ids = [
    ...Object.values(experiments[environment] ?? {}),
    ...Object.values(rollouts[environment] ?? {}),
  ].map(({ id }) => id);
  if (ids.length === 0) return [];
  const message = `Keys of ${ids.join(', ')} should be ASCII: flagd-core for JavaScript hashes characters, and flagd's server and promptv the bytes of UTF-8, so other keys may get another variant there.`;
  return [{ code: 'NON_ASCII_KEYS', message }];
};
