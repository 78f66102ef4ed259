import { runningAt } from '../../core/environment/running.ts';
import type { EnvironmentState } from '../../core/environment/state.ts';
import { type EnvironmentStates, readAllEnvironmentStates } from '../environments.ts';
import { behindWarning } from '../state-behind.ts';
import { openState } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { type DamagedState, describeDamage } from './damage.ts';
import { judgePointers, type Pointer, warnChanged } from './pointers.ts';

export interface ListedEnvironment {
  readonly environment: string;
  /** Where a version must have run before; null when anywhere will do. */
  readonly from: string | null;
  /** The last one configured. */
  readonly isProduction: boolean;
  /** How many prompts run there. */
  readonly running: number;
  /** The last deployment of any prompt there, ISO 8601 UTC; null before the first. */
  readonly lastDeployment: string | null;
}

/** Where a prompt runs. */
export interface PlacedPrompt {
  readonly prompt: string;
  /** Highest stable version, else highest of all; null when no tag is left. */
  readonly latest: string | null;
  /** One entry an environment, in configured order; null where it does not run. */
  readonly environments: Readonly<Record<string, Pick<Pointer, 'version' | 'since' | 'by' | 'drift'> | null>>;
}

export interface EnvListResult {
  /** In configured order. */
  readonly environments: readonly ListedEnvironment[];
  /** Sorted by name: every prompt that has a version or runs anywhere. */
  readonly prompts: readonly PlacedPrompt[];
  readonly damaged: readonly DamagedState[];
  readonly warnings: readonly Warning[];
}

/** Every environment, and every prompt with what it runs where. */
export const listEnvironments = async (workspace: Workspace, _request: object): Promise<EnvListResult> => {
  const state = openState(workspace);
  const versions = new Versions(workspace);
  const [found, behind] = await Promise.all([
    readAllEnvironmentStates(state),
    behindWarning(workspace, state),
    versions.listAll(),
  ]);
  const places = await Promise.all(
    workspace.config.environments.map(async ({ name, from }) => {
      const { states, damaged } = found.get(name) ?? noStates;
      const running = [...states.values()].flatMap((one) => runningAt(one, null) ?? []);
      return { name, from, states, damaged, pointers: await judgePointers(versions, running) };
    }),
  );
  const pointers = new Map(
    places.map(({ name, pointers }) => [name, new Map(pointers.map((one) => [one.prompt, one]))]),
  );
  const production = places.at(-1)?.name;
  return {
    environments: places.map(({ name, from, states, pointers: { length: running } }) => {
      const isProduction = name === production;
      return { environment: name, from, isProduction, running, lastDeployment: lastDeployment(states) };
    }),
    prompts: await placePrompts(versions, pointers),
    damaged: places.flatMap(({ name, damaged }) => describeDamage(name, damaged)),
    warnings: [...warnChanged(places.flatMap((place) => place.pointers)), ...behind],
  };
};

const noStates: EnvironmentStates = { states: new Map(), damaged: new Map() };

const lastDeployment = (states: ReadonlyMap<string, EnvironmentState>): string | null =>
  [...states.values()]
    .flatMap(({ deployments }) => deployments.at(-1)?.at ?? [])
    .sort()
    .at(-1) ?? null;

const placePrompts = async (
  versions: Versions,
  pointers: ReadonlyMap<string, ReadonlyMap<string, Pointer>>,
): Promise<PlacedPrompt[]> => {
  const running = [...pointers.values()].flatMap((place) => [...place.keys()]);
  const names = [...new Set([...versions.names(), ...running])].sort();
  return Promise.all(
    names.map(async (prompt) => ({
      prompt,
      latest: (await latestOf(versions, prompt))?.version ?? null,
      environments: Object.fromEntries(
        [...pointers].map(([name, place]) => [name, brief(place.get(prompt))]),
      ),
    })),
  );
};

const latestOf = async (versions: Versions, prompt: string) =>
  (await versions.highest(prompt, { stable: true })) ?? versions.highest(prompt, { stable: false });

const brief = (pointer: Pointer | undefined): PlacedPrompt['environments'][string] => {
  if (!pointer) return null;
  const { version, since, by, drift } = pointer;
  return { version, since, by, drift };
};
