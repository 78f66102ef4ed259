import type { Gate } from '../../core/environment/gates.ts';
import { formatEnvironmentState } from '../../core/environment/state.ts';
import type { Experiment, ExperimentDecision } from '../../core/experiment/definition.ts';
import { parseRemark } from '../../core/remark.ts';
import { promptvError } from '../../errors.ts';
import { formatIdentity, type Identity, readIdentity } from '../../git/identity.ts';
import { splicePromptText } from '../../store/splice.ts';
import { type Decided, decideState, decisionLine, type StateOptions } from '../decide-state.ts';
import { deploymentMessage } from '../deployment-message.ts';
import { environmentNamed, environmentPath } from '../environments.ts';
import {
  checkExperimentText,
  experimentInvalid,
  readExperiment,
  type StoredExperiment,
} from '../experiments.ts';
import type { Promotion } from '../promote.ts';
import { type PlannedPromotion, planPromotions } from '../promotion-plan.ts';
import { assertReadyToCommit } from '../ready.ts';
import type { StateFile, StateStore } from '../state-store.ts';
import type { OperationOptions, Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { assertKnownVariant } from './assert-free.ts';
import { readEvidence } from './evidence.ts';
import { assertEvent } from './start.ts';

export interface AbtestStopRequest extends OperationOptions, StateOptions {
  readonly id: string;
  /** The variant that is served from now on; without one the environment's own version is. */
  readonly winner?: string;
  readonly reason?: string;
  /** Moves this environment's pointer to the winner, if its gates agree; needs a winner. */
  readonly promote?: string;
}

export interface AbtestStopResult {
  readonly experiment: Experiment;
  readonly path: string;
  /** True when it had ended like this already. */
  readonly unchanged: boolean;
  /** What became of the winner; null without a promotion. */
  readonly promotion: Promotion | null;
  /** True when a gate said no: then nothing was written, and the experiment goes on. */
  readonly refused: boolean;
  readonly dryRun: boolean;
  readonly warnings: readonly Warning[];
}

/**
 * Ends an experiment and keeps the decision with the numbers that it rested on. With a winner to be promoted the
 * environment's gates are asked first, and file and pointer change in one commit, or neither.
 * @throws EXPERIMENT_NOT_FOUND, EXPERIMENT_STATE, VARIANT_NOT_FOUND, VERSION_CHANGED, as `promote`
 */
export const stopExperiment = async (
  workspace: Workspace,
  request: AbtestStopRequest,
): Promise<Decided<AbtestStopResult>> => {
  await assertReadyToCommit(workspace, 'abtest stop');
  const { id, promote, dryRun = false } = request;
  const reason = request.reason === undefined ? null : parseRemark(request.reason, 'reason');
  return decideState(workspace, request, async (state) => {
    const by = await readIdentity(workspace.repository);
    const stored = await readExperiment(workspace, state, id);
    const { experiment, text, unchanged } = await planStop(workspace, stored, { request, by, reason });
    const plan = await planPromotion(workspace, state, { experiment, request, by });
    const promotion = plan?.promotion ?? null;
    const refused = promotion?.gates.some(({ verdict }: Gate) => verdict === 'fail') ?? false;
    const { path } = stored;
    const result = { path, unchanged, promotion, refused, dryRun, warnings: [] };
    const moves = promotion !== null && !promotion.unchanged ? plan : null;
    if (refused) return { result: { ...result, experiment: stored.experiment }, commit: null };
    if (dryRun || (unchanged && moves === null)) return { result: { ...result, experiment }, commit: null };
    const files: StateFile[] = [
      ...(unchanged ? [] : [{ path, text }]),
      ...(moves ? [pointerFile(moves)] : []),
    ];
    const isSigned = promote !== undefined && environmentNamed(workspace, promote).signed;
    const sign = isSigned ? formatIdentity(by) : null;
    const message = messageOf({ experiment, unchanged, moves, reason });
    return { result: { ...result, experiment }, commit: await state.commit({ files, message, sign }) };
  });
};

interface PlannedStop {
  readonly experiment: Experiment;
  readonly text: string;
  readonly unchanged: boolean;
}

interface Stopping {
  readonly request: AbtestStopRequest;
  readonly by: Identity;
  readonly reason: string | null;
}

const planStop = async (
  workspace: Workspace,
  { path, text, experiment }: StoredExperiment,
  { request: { id, winner }, by, reason }: Stopping,
): Promise<PlannedStop> => {
  if (winner !== undefined) assertKnownVariant(experiment, winner);
  const state = winner === undefined ? 'stopped' : 'concluded';
  const isSame = experiment.state === state && (experiment.decision?.winner ?? undefined) === winner;
  if (isSame) return { experiment, text, unchanged: true };
  assertEvent(experiment, winner === undefined ? 'stop' : 'conclude');
  const at = workspace.now().toISOString();
  const decision: ExperimentDecision = {
    winner: winner ?? null,
    ...(await readEvidence(workspace, experiment)),
    at,
    by: formatIdentity(by),
    reason,
  };
  const edits = [
    { path: ['state'], value: state },
    { path: ['endedAt'], value: at },
    { path: ['decision'], value: decision },
  ];
  const after = splicePromptText(text, edits, path);
  const checked = await checkExperimentText(workspace, { id, path, text: after });
  if (!checked.experiment) throw experimentInvalid(path, checked.problems);
  return { experiment: checked.experiment, text: after, unchanged: false };
};

const planPromotion = async (
  workspace: Workspace,
  state: StateStore,
  {
    experiment: { prompt, variants, decision },
    request: { promote: environment, reason },
    by: deployer,
  }: { readonly experiment: Experiment; readonly request: AbtestStopRequest; readonly by: Identity },
): Promise<PlannedPromotion | null> => {
  const winner = variants.find(({ name }) => name === decision?.winner);
  if (environment === undefined || !winner) return null;
  const refs = [`${prompt}@${winner.version}`];
  const [plan] = await planPromotions(workspace, state, { request: { refs, environment, reason }, deployer });
  const version = plan?.next.deployments.at(-1);
  if (version && winner.contentHash !== null && version.contentHash !== winner.contentHash)
    throw promptvError('VERSION_CHANGED', {
      name: prompt,
      version: winner.version,
      reason: 'its content hash is not the one that was tested',
    });
  return plan ?? null;
};

const pointerFile = ({ next, promotion }: PlannedPromotion): StateFile => ({
  path: environmentPath(promotion.environment, promotion.prompt),
  text: formatEnvironmentState(next),
});

const messageOf = ({
  experiment: { id, decision },
  unchanged,
  moves,
  reason,
}: {
  readonly experiment: Experiment;
  readonly unchanged: boolean;
  readonly moves: PlannedPromotion | null;
  readonly reason: string | null;
}): string => {
  const moved = moves ? deploymentMessage([moves.next], reason) : null;
  if (unchanged && moved !== null) return moved;
  const winner = decision?.winner ?? null;
  const subject =
    winner === null ? `Stop the experiment ${id}` : `Conclude the experiment ${id}: ${winner} wins`;
  const line = `${decisionLine}abtest stop ${id}${winner === null ? '' : ` --winner ${winner}`}\n`;
  const lines = moved?.split('\n').filter((each) => each.startsWith(decisionLine)) ?? [];
  const paragraphs = [subject, ...(reason === null ? [] : [reason]), [line.trimEnd(), ...lines].join('\n')];
  return `${paragraphs.join('\n\n')}\n`;
};
