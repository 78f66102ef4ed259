import {
  type ApprovalDecision,
  type ApprovalRequest,
  approvalFolder,
  approverSlug,
  emailOf,
  formatRecord,
} from '../../core/approval/records.ts';
import type { Approval, StageStatus } from '../../core/approval/stage.ts';
import { parseRemark } from '../../core/remark.ts';
import { promptvError } from '../../errors.ts';
import { formatIdentity, mapPeople, readIdentity } from '../../git/identity.ts';
import { readStages } from '../approval-stages.ts';
import { type Decided, decideState, type StateOptions } from '../decide-state.ts';
import { environmentNamed } from '../environments.ts';
import { assertReadyToCommit } from '../ready.ts';
import type { StateFile, StateStore } from '../state-store.ts';
import type { OperationOptions, Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { assertMayDecide, assertSubmitted, type Deciding, stageNamed } from './decision-rules.ts';
import { approvalMessage } from './message.ts';
import { readApprovalRecords } from './records.ts';
import { type ApprovalResult, approvalResult, findApprovable } from './submit.ts';

export interface DecideRequest extends OperationOptions, StateOptions {
  /** A saved version; without a selector the latest. */
  readonly ref: string;
  readonly environment: string;
  readonly stage: string;
  readonly decision: 'approve' | 'reject';
  readonly comment?: string;
}

export interface DecideResult extends ApprovalResult {
  readonly stage: string;
  readonly decision: 'approve' | 'reject';
}

/**
 * Writes down one person's decision about a version in one stage, in one commit (signed where the environment wants
 * that). The same decision again changes nothing.
 * @throws STAGE_NOT_FOUND, NOT_SUBMITTED, APPROVAL_AUTOMATIC, NOT_AN_APPROVER, OWN_VERSION, STAGE_WAITING, STAGE_REJECTED, TEXT_INVALID
 */
export const decideApproval = async (
  workspace: Workspace,
  request: DecideRequest,
): Promise<Decided<DecideResult>> => {
  await assertReadyToCommit(workspace, 'approval');
  const environment = environmentNamed(workspace, request.environment);
  const stage = stageNamed(environment, request.stage);
  const comment = request.comment === undefined ? null : parseRemark(request.comment, 'comment');
  return decideState(workspace, request, async (state) => {
    const version = await findApprovable(workspace, state, request.ref);
    const readAll = () => readStages(workspace, state, { environment, version, withSignatures: true });
    const before = await readAll();
    const deciding = await whoDecides(workspace, { environment, stage, version, decision: request.decision });
    const file = await planDecision(workspace, state, { deciding, before, comment });
    const commit =
      file && !request.dryRun
        ? await state.commit({
            files: [file],
            message: messageFor(deciding),
            sign: environment.signed ? deciding.person : null,
          })
        : null;
    const stages = commit ? await readAll() : before;
    const result = {
      ...approvalResult({ request, version, stages, unchanged: file === null }),
      stage: stage.name,
      decision: request.decision,
      warnings: commit ? uncountedWarnings(stages, deciding) : [],
    };
    return { result, commit };
  });
};

const whoDecides = async (
  { repository }: Workspace,
  about: Omit<Deciding, 'person' | 'emails' | 'authors'>,
): Promise<Deciding> => {
  const person = formatIdentity(await readIdentity(repository));
  const { authors } = about.version.record;
  const [mapped = person, ...mappedAuthors] = await mapPeople(repository, [person, ...authors]);
  const emails = [person, mapped].map(emailOf);
  return { ...about, person, emails, authors: [...authors, ...mappedAuthors] };
};

/** The file to write; null when this person decided so already, and it counts. */
const planDecision = async (
  workspace: Workspace,
  state: StateStore,
  {
    deciding,
    before,
    comment,
  }: {
    readonly deciding: Deciding;
    readonly before: readonly StageStatus[];
    readonly comment: string | null;
  },
): Promise<StateFile | null> => {
  const { environment, stage, version, decision, person } = deciding;
  const about = { prompt: version.name, version: version.version, environment: environment.name };
  const place = { ...about, stage: stage.name };
  const { request } = await readApprovalRecords(state, place);
  if (passesUnasked(before, deciding, request)) return null;
  const { id } = assertSubmitted(request, deciding);
  const given = decisionOf(before, deciding);
  const isSame = given?.decision === decision && (comment === null || given.comment === comment);
  if (given?.counts && isSame) return null;
  assertMayDecide(before, deciding);
  const record: ApprovalDecision = {
    schemaVersion: 1,
    ...place,
    request: id,
    decision,
    contentHash: version.contentHash,
    at: workspace.now().toISOString(),
    by: person,
    comment,
  };
  const path = `${approvalFolder(place)}/${approverSlug(emailOf(person))}.json`;
  return { path, text: formatRecord(record) };
};

/** Whether nobody's approval is asked for, so that there is nothing to write. @throws APPROVAL_AUTOMATIC for a rejection */
const passesUnasked = (
  before: readonly StageStatus[],
  { stage, version, environment, decision }: Deciding,
  request: ApprovalRequest | null,
): boolean => {
  const status = before.find(({ stage: name }) => name === stage.name);
  if (status?.state !== 'automatic' || request?.contentHash === version.contentHash) return false;
  if (decision === 'approve') return true;
  const ref = `${version.name}@${version.version}`;
  throw promptvError('APPROVAL_AUTOMATIC', { ref, environment: environment.name });
};

/** What this person decided in the stage so far. */
const decisionOf = (stages: readonly StageStatus[], { stage, person }: Deciding): Approval | undefined =>
  stages
    .find((status) => status.stage === stage.name)
    ?.approvals.find(({ by }) => approverSlug(emailOf(by)) === approverSlug(emailOf(person)));

const messageFor = ({ decision, version, environment, stage }: Deciding): string =>
  approvalMessage(decision === 'approve' ? 'Approve' : 'Reject', {
    ref: `${version.name}@${version.version}`,
    environment: environment.name,
    stage: stage.name,
  });

/** What was written and does not count, such as a commit signed by a key that git does not know as this person's. */
const uncountedWarnings = (stages: readonly StageStatus[], deciding: Deciding): Warning[] => {
  const given = decisionOf(stages, deciding);
  if (!given || given.ignored === null) return [];
  return [
    {
      code: 'DECISION_NOT_COUNTED',
      message: `The decision is written and does not count: ${given.ignored}.`,
    },
  ];
};
