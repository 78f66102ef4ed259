import { isPointer, type Pointer, type PointerRollout } from '../core/environment/state.ts';
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
const parsePointer: ParseState<Pointer> = (_state, file) => {
  const data = parseJsonData(file.text);
  return isPointer(data, file) ? pointerOf(data) : parseEnvironmentState(file.text, file);
};

/** Nothing else of thousands of histories is kept in memory. */
const pointerOf = ({ prompt, environment, current, deployments, rollout }: Pointer): Pointer => ({
  prompt,
  environment,
  current,
  deployments: deployments.map(({ version }) => ({ version })),
  ...(rollout && { rollout: shareOf(rollout) }),
});

/** The versions that ran, in order; the last one runs. */
interface StoredPointer {
  readonly ran: readonly string[];
  /** Under way; null when there is none. */
  readonly rollout: PointerRollout | null;
}

/** Environment → prompt → what runs. */
type StoredPointers = Readonly<Record<string, Readonly<Record<string, StoredPointer>>>>;

const countPointers = (pointers: Pointers): number =>
  [...pointers.values()].reduce((sum, { states }) => sum + states.size, 0);

const toStored = (pointers: Pointers): StoredPointers =>
  Object.fromEntries(
    [...pointers].map(([environment, { states }]) => [
      environment,
      Object.fromEntries(
        [...states].map(([prompt, { deployments, rollout }]) => [
          prompt,
          { ran: deployments.map(({ version }) => version), rollout: rollout ? shareOf(rollout) : null },
        ]),
      ),
    ]),
  );

const shareOf = ({ candidate: { version }, weight, state }: PointerRollout): PointerRollout => ({
  candidate: { version },
  weight,
  state,
});

const fromStored = (stored: StoredPointers): Pointers =>
  new Map(
    Object.entries(stored).map(([environment, prompts]) => {
      const states = new Map(
        Object.entries(prompts).map(([prompt, { ran, rollout }]) => [
          prompt,
          {
            prompt,
            environment,
            current: ran.at(-1) ?? null,
            deployments: ran.map((version) => ({ version })),
            ...(rollout === null ? {} : { rollout }),
          },
        ]),
      );
      return [environment, { states, damaged: new Map() }];
    }),
  );
