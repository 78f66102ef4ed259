import { makeBundle } from '../core/bundle/format-bundle.ts';
import type { Bundle, BundleContent, BundledVersion } from '../core/bundle/schema.ts';
import { currentDeployment } from '../core/environment/history.ts';
import type { EnvironmentState } from '../core/environment/state.ts';
import type { Experiment } from '../core/experiment/definition.ts';
import type { ServedExperiment } from '../core/serving/served-experiment.ts';
import type { ServedRollout } from '../core/serving/served-rollout.ts';
import { isPromptvError, type PromptvError } from '../errors.ts';
import { deployedVersion, servedVersion } from './deployed-version.ts';
import { environmentNamed, readEnvironmentStates } from './environments.ts';
import { readExperiments } from './experiments.ts';
import { type PinnedVersion, readPinnedVersions } from './pins.ts';
import { readExperimentInForce, readServedRollout } from './serving.ts';
import { openStateToRead, type StateStore } from './state-store.ts';
import type { Warning } from './types.ts';
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
  /** One for each experiment file that cannot be read. */
  readonly warnings: readonly Warning[];
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
  const { experiments, damaged: unreadable } = await readExperiments(workspace, state);
  const tests = experiments.map(({ experiment }) => experiment);
  for (const environment of environments) {
    const { states, damaged } = await readEnvironmentStates(state, environment);
    const wanted = [...states.values()].filter((each) => currentDeployment(each) && isWanted(each.prompt));
    workspace.documents.expect(wanted.length);
    const read = await Promise.all(wanted.map((each) => readDeployed(versions, each, { state, tests })));
    served.set(environment, read.filter(isServed));
    refused.push(...read.filter(isRefused));
    for (const [prompt, error] of damaged) if (isWanted(prompt)) refused.push({ environment, prompt, error });
  }
  return {
    bundle: makeBundle({ commit: await state.commitId(), ...contentOf(served) }),
    refused,
    warnings: [
      ...[...unreadable.values()].map(({ code, message }) => ({ code, message })),
      ...[...served.values()].flat().flatMap((each) => each.warnings),
    ],
  };
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

/** A version that runs, with every text that may be served: its own first, its partials' and those of a test. */
interface ServedPrompt {
  readonly version: Version;
  readonly experiment: ServedExperiment | null;
  readonly rollout: ServedRollout | null;
  readonly warnings: readonly Warning[];
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
  { state: store, tests }: { readonly state: StateStore; readonly tests: readonly Experiment[] },
): Promise<ServedPrompt | RefusedPrompt> => {
  const { environment, prompt: name } = state;
  try {
    const version = await deployedVersion(versions, state);
    const experiment = await readExperimentInForce(versions, state, tests);
    const { served: rollout, warnings } = await readServedRollout(versions, store, state);
    const candidates = rollout === null ? [] : [rollout.candidate];
    const others = [...(experiment?.variants ?? []), ...candidates].filter(
      (variant) => variant.version !== version.version,
    );
    const variants = await Promise.all(
      others.map((variant) => servedVersion(versions, { ...variant, name, environment })),
    );
    const texts = await Promise.all([version, ...variants].map((each) => readTexts(versions, each)));
    return { version, experiment, rollout, warnings, texts: texts.flat() };
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    return { environment, prompt: name, error };
  }
};

/** A version's own text first, then its partials'. */
const readTexts = async (versions: Versions, version: Version): Promise<BundledText[]> => {
  const partials = await readPinnedVersions(versions, version.record.pins);
  const own = { version, document: (await versions.textOf(version)).document };
  return [own, ...partials.values()].map(toText);
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
): Pick<BundleContent, 'environments' | 'experiments' | 'rollouts' | 'prompts'> => {
  const prompts = new Map<string, Map<string, BundledVersion>>();
  for (const { name, version, ...text } of [...served.values()].flat().flatMap(({ texts }) => texts))
    prompts.set(name, (prompts.get(name) ?? new Map()).set(version, text));
  const pointers = [...served].map(([environment, list]) => [
    environment,
    Object.fromEntries(
      list.map(({ version: { name, version, contentHash } }) => [name, { version, contentHash }]),
    ),
  ]);
  const tests = [...served].flatMap(([environment, list]) => {
    const found = list.flatMap(({ version: { name }, experiment }) =>
      experiment ? [[name, experiment]] : [],
    );
    return found.length > 0 ? [[environment, Object.fromEntries(found)]] : [];
  });
  const rollouts = [...served].flatMap(([environment, list]) => {
    const found = list.flatMap(({ version: { name }, rollout }) => (rollout ? [[name, rollout]] : []));
    return found.length > 0 ? [[environment, Object.fromEntries(found)]] : [];
  });
  return {
    environments: Object.fromEntries(pointers),
    experiments: Object.fromEntries(tests),
    rollouts: Object.fromEntries(rollouts),
    prompts: Object.fromEntries([...prompts].map(([name, versions]) => [name, Object.fromEntries(versions)])),
  };
};
