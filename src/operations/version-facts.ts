import { marksOf } from '../core/annotation/annotation.ts';
import { type Pointer, pointerOf, type RolloutShare } from '../core/environment/pointer.ts';
import { type Mark, versionStatus } from '../core/environment/status.ts';
import type { Experiment } from '../core/experiment/definition.ts';
import { isPromptvError, type PromptvError } from '../errors.ts';
import { readAnnotations } from './annotations.ts';
import { type EnvironmentStates, productionOf, readEnvironment } from './environments.ts';
import { readExperiments } from './experiments.ts';
import { type Pointers, readAllPointers } from './read-pointers.ts';
import { openState, type StateStore } from './state-store.ts';
import type { VersionStatus, Warning } from './types.ts';
import type { Workspace } from './workspace.ts';

/** What the decisions of a workspace say of its versions. */
export interface VersionFacts {
  statusOf(prompt: string, version: string): VersionStatus;
  /** The environments, in configured order, that run a version. */
  environmentsOf(prompt: string, version: string): readonly string[];
  /** Environment → version that runs there, in configured order. */
  runningOf(prompt: string): Readonly<Record<string, string>>;
  /** Environment → the rollout under way there, in configured order. */
  rolloutsOf(prompt: string): Readonly<Record<string, RolloutShare>>;
  /** The prompts that some environment runs. */
  readonly prompts: ReadonlySet<string>;
  /** One for every damaged file; what it says is left out. */
  readonly warnings: readonly Warning[];
}

/** Reads environments and marks of all prompts, or of those named. It costs no git process of its own. */
export const readVersionFacts = async (
  workspace: Workspace,
  prompts?: readonly string[],
): Promise<VersionFacts> => {
  const state = openState(workspace);
  const names = workspace.config.environments.map(({ name }) => name);
  const [{ experiments, damaged: unreadable }, environments, annotations] = await Promise.all([
    readExperiments(workspace, state),
    prompts ? readPointersOf(state, names, prompts) : readAllPointers(workspace, state),
    Promise.all((prompts ?? [undefined]).map((prompt) => readAnnotations(state, prompt))),
  ]);
  const broken = [
    ...names.flatMap((name) => [...(environments.get(name)?.damaged.values() ?? [])]),
    ...annotations.flatMap(({ damaged }) => [...damaged.values()]),
    ...unreadable.values(),
  ];
  return describeFacts({
    states: new Map(names.map((name) => [name, environments.get(name)?.states ?? new Map()])),
    marks: marksOf(annotations.flatMap((each) => each.annotations)),
    candidates: candidatesOf(experiments.map(({ experiment }) => experiment)),
    production: productionOf(workspace),
    warnings: broken.map(({ code, message }) => ({ code, message })),
  });
};

/** `NAME@VERSION` of everything that a running experiment tries. */
const candidatesOf = (experiments: readonly Experiment[]): ReadonlySet<string> =>
  new Set(
    experiments
      .filter(({ state }) => state === 'running')
      .flatMap(({ prompt, variants }) => variants.map(({ version }) => `${prompt}@${version}`)),
  );

type States = EnvironmentStates<Pointer>['states'];

/** One file an environment for each prompt that is named. */
const readPointersOf = async (
  state: StateStore,
  environments: readonly string[],
  prompts: readonly string[],
): Promise<Pointers> =>
  new Map(
    await Promise.all(
      environments.map(async (name) => [name, await readPrompts(state, name, prompts)] as const),
    ),
  );

const readPrompts = async (
  state: StateStore,
  environment: string,
  prompts: readonly string[],
): Promise<EnvironmentStates<Pointer>> => {
  const states = new Map<string, Pointer>();
  const damaged = new Map<string, PromptvError>();
  const read = prompts.map(async (prompt) => {
    try {
      states.set(prompt, pointerOf(await readEnvironment(state, environment, prompt)));
    } catch (error) {
      if (!isPromptvError(error)) throw error;
      damaged.set(prompt, error);
    }
  });
  await Promise.all(read);
  return { states, damaged };
};

const describeFacts = ({
  states,
  marks,
  candidates,
  production,
  warnings,
}: {
  readonly states: ReadonlyMap<string, States>;
  readonly marks: ReadonlyMap<string, Mark>;
  readonly candidates: ReadonlySet<string>;
  readonly production: string | null;
  readonly warnings: readonly Warning[];
}): VersionFacts => {
  const runningOf = (prompt: string): Record<string, string> =>
    Object.fromEntries(
      [...states].flatMap(([environment, prompts]) => {
        const current = prompts.get(prompt)?.ran.at(-1);
        return current === undefined ? [] : [[environment, current]];
      }),
    );
  const rolloutsOf = (prompt: string): Record<string, RolloutShare> =>
    Object.fromEntries(
      [...states].flatMap(([environment, prompts]) => {
        const share = prompts.get(prompt)?.rollout ?? null;
        return share === null ? [] : [[environment, share]];
      }),
    );
  const environmentsOf = (prompt: string, version: string): string[] =>
    Object.entries(runningOf(prompt)).flatMap(([environment, running]) =>
      running === version ? [environment] : [],
    );
  const ranInProduction = (prompt: string, version: string): boolean =>
    states
      .get(production ?? '')
      ?.get(prompt)
      ?.ran.includes(version) ?? false;
  const isRolledOut = (prompt: string, version: string): boolean =>
    [...states.values()].some((prompts) => prompts.get(prompt)?.rollout?.candidate === version);
  const statusOf = (prompt: string, version: string): VersionStatus =>
    versionStatus(
      {
        mark: marks.get(`${prompt}@${version}`) ?? null,
        environments: environmentsOf(prompt, version),
        wasInProduction: ranInProduction(prompt, version),
        isCandidate: candidates.has(`${prompt}@${version}`) || isRolledOut(prompt, version),
      },
      production,
    );
  const running = [...states.values()].flatMap((prompts) => [...prompts.values()]);
  const prompts = new Set(running.filter(({ ran }) => ran.length > 0).map(({ prompt }) => prompt));
  return { statusOf, environmentsOf, runningOf, rolloutsOf, prompts, warnings };
};
