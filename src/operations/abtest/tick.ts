import { conditionOf } from '../../core/experiment/condition.ts';
import type { Experiment, Verdict } from '../../core/experiment/definition.ts';
import type { StateOptions } from '../decide-state.ts';
import { readExperiments } from '../experiments.ts';
import { withLog } from '../metrics/open.ts';
import { openState } from '../state-store.ts';
import type { OperationOptions, Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { resultsOf } from './results.ts';
import { stopExperiment } from './stop.ts';

export interface AbtestTickRequest extends OperationOptions, StateOptions {}

/** What a tick did with one experiment. */
export interface TickedExperiment {
  readonly id: string;
  readonly verdict: Verdict;
  readonly sentence: string;
  /** `concluded` with a winner, `stopped` without one; `running`: it goes on. */
  readonly action: 'concluded' | 'stopped' | 'running';
  readonly winner: string | null;
  /** The commit that ended it; null where it goes on, and in a dry run. */
  readonly commit: string | null;
}

export interface AbtestTickResult {
  /** The running experiments that stop by themselves, in order of id. */
  readonly experiments: readonly TickedExperiment[];
  /** Running experiments that do not. */
  readonly left: readonly string[];
  readonly pushed: boolean;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Ends the running experiments whose definition says `autoStop`, when their sequential verdict stands or their time is
 * over; each in a commit of its own, with the results in its file.
 */
export const tickExperiments = async (
  workspace: Workspace,
  request: AbtestTickRequest,
): Promise<AbtestTickResult> => {
  const state = openState(workspace, { branch: request.branch });
  const { experiments, damaged } = await readExperiments(workspace, state);
  const running = experiments.flatMap(({ experiment }) =>
    ['running', 'expired'].includes(conditionOf(experiment, workspace.now())) ? [experiment] : [],
  );
  const ticked: TickedExperiment[] = [];
  let pushed = false;
  for (const experiment of running.filter(({ autoStop }) => autoStop)) {
    const done = await tickOne(workspace, experiment, request);
    ticked.push(done.ticked);
    pushed ||= done.pushed;
  }
  return {
    experiments: ticked,
    left: running.filter(({ autoStop }) => !autoStop).map(({ id }) => id),
    pushed,
    dryRun: request.dryRun ?? false,
    warnings: [...damaged.values()].map(({ code, message }) => ({ code, message })),
  };
};

interface Ticked {
  readonly ticked: TickedExperiment;
  readonly pushed: boolean;
}

const tickOne = async (
  workspace: Workspace,
  experiment: Experiment,
  { branch, push, remote, dryRun }: AbtestTickRequest,
): Promise<Ticked> => {
  const { id } = experiment;
  const results = await withLog(workspace, {}, ({ source }) =>
    resultsOf(workspace, source, { experiment, request: { id } }),
  );
  const { verdict, sentence, winner, isDecided, progress } = results;
  const isOver = isDecided || progress.isTimeOver;
  const base = { id, verdict, sentence };
  if (!isOver) return { ticked: { ...base, action: 'running', winner: null, commit: null }, pushed: false };
  const decided = isDecided ? winner : null;
  const stopped = await stopExperiment(workspace, {
    id,
    branch,
    push,
    remote,
    dryRun,
    ...(decided === null ? {} : { winner: decided }),
    reason: isDecided ? `abtest tick: the verdict is ${verdict}` : 'abtest tick: its time is over',
  });
  const action = decided === null ? 'stopped' : 'concluded';
  return { ticked: { ...base, action, winner: decided, commit: stopped.commit }, pushed: stopped.pushed };
};
