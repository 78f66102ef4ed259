import { runningAt } from '../../core/environment/running.ts';
import type { EnvironmentState } from '../../core/environment/state.ts';
import { type EnvironmentStates, readAllEnvironmentStates } from '../environments.ts';
import { behindWarning } from '../state-behind.ts';
import { openStateToRead } from '../state-store.ts';
import type { Warning } from '../types.ts';
import { Versions } from '../versions.ts';
import type { Workspace } from '../workspace.ts';
import { type DamagedState, describeDamage, warnDamage } from './damage.ts';
import { judgePointers, type Pointer, warnDrift } from './pointers.ts';

export interface EnvListRequest {
  /** Read the state of this branch. */
  readonly branch?: string;
}

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
export const listEnvironments = async (
  workspace: Workspace,
  request: EnvListRequest,
): Promise<EnvListResult> => {
  const state = await openStateToRead(workspace, request);
  const versions = new Versions(workspace);
  const [found, behind] = await Promise.all([
    readAllEnvironmentStates(state),
    behindWarning(workspace, state),
    versions.listAll(),
  ]);
  const { environments } = workspace.config;
  const places = await Promise.all(
    environments.map(({ name, from }) =>
      readPlace(versions, { name, from, ...(found.get(name) ?? noStates) }),
    ),
  );
  const damaged = places.flatMap((place) => describeDamage(place.name, place.damaged));
  const pointers = places.flatMap((place) => [...place.pointers.values()]);
  return {
    environments: places.map((place) => describePlace(place, place === places.at(-1))),
    prompts: await placePrompts(versions, places),
    damaged,
    warnings: [...warnDamage(damaged), ...warnDrift(pointers), ...behind],
  };
};

/** An environment as it was read. */
interface Place extends EnvironmentStates {
  readonly name: string;
  readonly from: string | null;
  /** By prompt. */
  readonly pointers: ReadonlyMap<string, Pointer>;
}

const readPlace = async (versions: Versions, place: Omit<Place, 'pointers'>): Promise<Place> => {
  const running = [...place.states.values()].flatMap((state) => runningAt(state, null) ?? []);
  const pointers = await judgePointers(versions, running);
  return { ...place, pointers: new Map(pointers.map((pointer) => [pointer.prompt, pointer])) };
};

const describePlace = (
  { name, from, states, pointers }: Place,
  isProduction: boolean,
): ListedEnvironment => ({
  environment: name,
  from,
  isProduction,
  running: pointers.size,
  lastDeployment: lastDeployment(states),
});

const noStates: EnvironmentStates = { states: new Map(), damaged: new Map() };

const lastDeployment = (states: ReadonlyMap<string, EnvironmentState>): string | null =>
  [...states.values()]
    .flatMap(({ deployments }) => deployments.at(-1)?.at ?? [])
    .sort()
    .at(-1) ?? null;

const placePrompts = async (versions: Versions, places: readonly Place[]): Promise<PlacedPrompt[]> => {
  const running = places.flatMap(({ pointers }) => [...pointers.keys()]);
  const names = [...new Set([...versions.names(), ...running])].sort();
  return Promise.all(
    names.map(async (prompt) => ({
      prompt,
      latest: (await latestOf(versions, prompt))?.version ?? null,
      environments: Object.fromEntries(
        places.map(({ name, pointers }) => [name, brief(pointers.get(prompt))]),
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
