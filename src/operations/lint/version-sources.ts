import { readPinnedVersions } from '../pins.ts';
import type { PromptSource, Sources } from '../sources.ts';
import type { Version, Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';

/** The text of a saved version, beside the partials it is pinned to. @throws VERSION_CHANGED, VERSION_NOT_FOUND */
export const readVersionSources = async (
  workspace: Workspace,
  versions: Versions,
  saved: Version,
): Promise<Sources> => {
  const pinned = await readPinnedVersions(versions, saved.record.pins);
  const texts = [...[...pinned.values()].map(({ version }) => version), saved];
  const sources = await Promise.all(texts.map((version) => sourceOf(workspace, versions, version)));
  const prompts = new Map(sources.map((source) => [source.name, source]));
  return { prompts, unreadable: [], names: [...prompts.keys()] };
};

const sourceOf = async (
  workspace: Workspace,
  versions: Versions,
  version: Version,
): Promise<PromptSource> => {
  const { bytes } = await versions.textOf(version);
  const { name, path, blob } = version;
  return { name, path, bytes, blob, parsed: workspace.documents.parse(bytes, path, blob) };
};
