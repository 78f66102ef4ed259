import { makeBundle } from '../core/bundle/format-bundle.ts';
import type { Bundle, BundleContent, BundledVersion } from '../core/bundle/schema.ts';
import { currentDeployment } from '../core/environment/history.ts';
import type { EnvironmentState } from '../core/environment/state.ts';
import { isPromptvError, type PromptvError } from '../errors.ts';
import { deployedVersion } from './deployed-version.ts';
import { environmentNamed, readEnvironmentStates } from './environments.ts';
import { type PinnedVersion, readPinnedVersions } from './pins.ts';
import { openStateToRead } from './state-store.ts';
import { type Version, Versions } from './versions.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

interface BundleSelection {
  readonly environments: readonly string[];
  readonly isWanted: (prompt: string) => boolean;
  readonly branch?: string | undefined;
}

/** A bundle, and what could not go into it. */
interface CollectedBundle {
  readonly bundle: Bundle;
  readonly refused: readonly RefusedPrompt[];
}

/** A prompt that an environment cannot serve, and why. */
interface RefusedPrompt {
  readonly environment: string;
  readonly prompt: string;
  readonly error: PromptvError;
}

/** What environments run now, with every text that it renders with; one process reads all. @throws ENVIRONMENT_NOT_FOUND */
export const collectBundle = async (
  workspace: Workspace,
  { environments, isWanted, branch }: BundleSelection,
): Promise<CollectedBundle> => {
  for (const environment of environments) environmentNamed(workspace, environment);
  const state = await openStateToRead(workspace, { branch });
  const versions = new Versions(workspace);
  const served = new Map<string, readonly ServedPrompt[]>();
  const refused: RefusedPrompt[] = [];
  for (const environment of environments) {
    const { states, damaged } = await readEnvironmentStates(state, environment);
    const wanted = [...states.values()].filter((each) => currentDeployment(each) && isWanted(each.prompt));
    workspace.documents.expect(wanted.length);
    const read = await Promise.all(wanted.map((each) => readDeployed(versions, each)));
    served.set(environment, read.filter(isServed));
    refused.push(...read.filter(isRefused));
    for (const [prompt, error] of damaged) if (isWanted(prompt)) refused.push({ environment, prompt, error });
  }
  return { bundle: makeBundle({ commit: await state.commitId(), ...contentOf(served) }), refused };
};

/** What one environment of the workspace around a folder runs. @throws as `openWorkspace`, ENVIRONMENT_NOT_FOUND */
export const readEnvironmentBundle = async (cwd: string, environment: string): Promise<CollectedBundle> => {
  const workspace = await openWorkspace({ cwd });
  try {
    return await collectBundle(workspace, { environments: [environment], isWanted: () => true });
  } finally {
    await workspace.close();
  }
};

/** A version that runs, with the texts it renders with: its own first, then its partials'. */
interface ServedPrompt {
  readonly version: Version;
  readonly texts: readonly BundledText[];
}

interface BundledText extends BundledVersion {
  readonly name: string;
  readonly version: string;
}

const isServed = (read: ServedPrompt | RefusedPrompt): read is ServedPrompt => !('error' in read);
const isRefused = (read: ServedPrompt | RefusedPrompt): read is RefusedPrompt => 'error' in read;

const readDeployed = async (
  versions: Versions,
  state: EnvironmentState,
): Promise<ServedPrompt | RefusedPrompt> => {
  try {
    const version = await deployedVersion(versions, state);
    const partials = await readPinnedVersions(versions, version.record.pins);
    const own = { version, document: (await versions.textOf(version)).document };
    return { version, texts: [own, ...partials.values()].map(toText) };
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    return { environment: state.environment, prompt: state.prompt, error };
  }
};

const toText = ({ version, document }: PinnedVersion): BundledText => ({
  name: version.name,
  version: version.version,
  contentHash: version.contentHash,
  document,
  pins: [...version.record.pins],
});

const contentOf = (
  served: ReadonlyMap<string, readonly ServedPrompt[]>,
): Pick<BundleContent, 'environments' | 'prompts'> => {
  const prompts = new Map<string, Map<string, BundledVersion>>();
  for (const { name, version, ...text } of [...served.values()].flat().flatMap(({ texts }) => texts))
    prompts.set(name, (prompts.get(name) ?? new Map()).set(version, text));
  const pointers = [...served].map(([environment, list]) => [
    environment,
    Object.fromEntries(
      list.map(({ version: { name, version, contentHash } }) => [name, { version, contentHash }]),
    ),
  ]);
  return {
    environments: Object.fromEntries(pointers),
    prompts: Object.fromEntries([...prompts].map(([name, versions]) => [name, Object.fromEntries(versions)])),
  };
};
