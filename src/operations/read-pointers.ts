import { type Pointer, pointerOf, type RolloutShare, readPointer } from '../core/environment/pointer.ts';
import { parseJsonData } from '../store/prompt-text-json.ts';
import {
  type EnvironmentStates,
  environmentsFolder,
  type ParseState,
  parseEnvironmentState,
  readFolder,
} from './environments.ts';
import type { StateStore } from './state-store.ts';
import type { Workspace } from './workspace.ts';

/** Environment → what it runs. */
export type Pointers = ReadonlyMap<string, EnvironmentStates<Pointer>>;

/** What every environment runs, for a list of all prompts: the histories are not checked. */
export const readAllPointers = async (workspace: Workspace, state: StateStore): Promise<Pointers> => {
  const tree = await state.treeId(environmentsFolder);
  if (tree === null) return new Map();
  const { pointerCache } = workspace;
  const stored = pointerCache.get(tree);
  if (stored) return fromStored(stored as StoredPointers);
  const pointers = await readFolder(state, environmentsFolder, parsePointer);
  const isWhole = [...pointers.values()].every(({ damaged }) => damaged.size === 0);
  if (isWhole) pointerCache.put(tree, toStored(pointers), countPointers(pointers));
  return pointers;
};

/** What is not even a pointer is parsed once more, for the error that says why. */
const parsePointer: ParseState<Pointer> = (_state, file) =>
  readPointer(parseJsonData(file.text), file) ?? pointerOf(parseEnvironmentState(file.text, file));

/** A prompt, the versions that ran, and the rollout under way. */
type StoredPointer = readonly [prompt: string, ran: readonly string[], rollout: RolloutShare | null];

/** Each environment with what it runs; lists, for it takes long to make an object of thousands of keys. */
type StoredPointers = readonly (readonly [environment: string, pointers: readonly StoredPointer[]])[];

const countPointers = (pointers: Pointers): number =>
  [...pointers.values()].reduce((sum, { states }) => sum + states.size, 0);

const toStored = (pointers: Pointers): StoredPointers =>
  Array.from(pointers, ([environment, { states }]) => [
    environment,
    Array.from(states.values(), ({ prompt, ran, rollout }): StoredPointer => [prompt, ran, rollout]),
  ]);

const fromStored = (stored: StoredPointers): Pointers =>
  new Map(
    stored.map(([environment, pointers]) => [
      environment,
      {
        states: new Map(
          pointers.map(([prompt, ran, rollout]) => [prompt, { prompt, environment, ran, rollout }]),
        ),
        damaged: new Map(),
      },
    ]),
  );
