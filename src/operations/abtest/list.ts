import { conditionOf, type ExperimentCondition } from '../../core/experiment/condition.ts';
import type { Experiment } from '../../core/experiment/definition.ts';
import { readExperiments } from '../experiments.ts';
import { openStateToRead } from '../state-store.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';

export interface AbtestListRequest {
  /** Only those of this prompt. */
  readonly prompt?: string;
  /** Another branch than the configured one. */
  readonly branch?: string;
}

interface ListedExperiment
  extends Pick<Experiment, 'id' | 'prompt' | 'environment' | 'state' | 'startedAt' | 'endedAt'> {
  readonly condition: ExperimentCondition;
  readonly variants: readonly { readonly name: string; readonly version: string; readonly weight: number }[];
  readonly winner: string | null;
}

export interface AbtestListResult {
  /** In order of id. */
  readonly experiments: readonly ListedExperiment[];
  /** One for each file that cannot be read. */
  readonly warnings: readonly Warning[];
}

/** The experiments of a workspace, or of one prompt, as they are committed. */
export const listExperiments = async (
  workspace: Workspace,
  { prompt, branch }: AbtestListRequest = {},
): Promise<AbtestListResult> => {
  const { experiments, damaged } = await readExperiments(
    workspace,
    await openStateToRead(workspace, { branch }),
    prompt,
  );
  const now = workspace.now();
  return {
    experiments: experiments.map(({ experiment }) => describe(experiment, now)),
    warnings: [...damaged.values()].map(({ code, message }) => ({ code, message })),
  };
};

const describe = (experiment: Experiment, now: Date): ListedExperiment => {
  const { id, prompt, environment, state, startedAt, endedAt, variants, decision } = experiment;
  return {
    ...{ id, prompt, environment, state, startedAt, endedAt },
    condition: conditionOf(experiment, now),
    variants: variants.map(({ name, version, weight }) => ({ name, version, weight })),
    winner: decision?.winner ?? null,
  };
};
