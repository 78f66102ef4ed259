import { isOwn, mayApprove } from '../../core/approval/evaluate.ts';
import { type ApprovalRequest, emailOf } from '../../core/approval/records.ts';
import type { StageStatus } from '../../core/approval/stage.ts';
import type { EnvironmentConfig } from '../../core/config/schema.ts';
import { nearestNames } from '../../core/prompt/name.ts';
import { promptvError } from '../../errors.ts';
import type { Version } from '../versions.ts';
import { suggestion } from '../workspace.ts';

export type Stage = EnvironmentConfig['approvals'][number];

/** The stage of an environment. @throws NO_STAGES, STAGE_NOT_FOUND */
export const stageNamed = (environment: EnvironmentConfig, name: string): Stage => {
  const { approvals } = environment;
  if (approvals.length === 0) throw promptvError('NO_STAGES', { environment: environment.name });
  const found = approvals.find((stage) => stage.name === name);
  if (found) return found;
  const near = nearestNames(
    name,
    approvals.map((stage) => stage.name),
  );
  throw promptvError('STAGE_NOT_FOUND', {
    environment: environment.name,
    stage: name,
    suggestion: suggestion(near),
  });
};

/** Who wants to decide what. */
export interface Deciding {
  readonly environment: EnvironmentConfig;
  readonly stage: Stage;
  readonly version: Version;
  readonly decision: 'approve' | 'reject';
  /** `Name <mail>`. */
  readonly person: string;
  /** Their own address, and the one that the mailmap gives them. */
  readonly emails: readonly string[];
  /** Who worked on the version, as recorded and as the mailmap has them. */
  readonly authors: readonly string[];
}

/** The request that a decision answers. @throws NOT_SUBMITTED when there is none for the content that the version has */
export const assertSubmitted = (
  request: ApprovalRequest | null,
  { environment, version }: Deciding,
): ApprovalRequest => {
  if (request !== null && request.contentHash === version.contentHash) return request;
  throw promptvError('NOT_SUBMITTED', { ref: refOf(version), environment: environment.name });
};

/**
 * Refuses a decision that would not count.
 * @throws NOT_AN_APPROVER, OWN_VERSION, STAGE_WAITING, STAGE_REJECTED
 */
export const assertMayDecide = (stages: readonly StageStatus[], deciding: Deciding): void => {
  const { environment, stage, version, person } = deciding;
  const about = { ref: refOf(version), environment: environment.name, stage: stage.name };
  // Where signatures count, the signer's address must be the approver's: the mailmap cannot lend one.
  const emails = environment.signed ? [emailOf(person)] : deciding.emails;
  if (!mayApprove(stage, emails))
    throw promptvError('NOT_AN_APPROVER', { ...about, person, approvers: stage.approvers });
  if (deciding.decision === 'approve') assertNotOwn(deciding);
  const rejected = stages.find(({ state }) => state === 'rejected');
  const rejection = rejected?.approvals.find(({ counts, decision }) => counts && decision === 'reject');
  if (rejected && rejection && rejection.by !== person)
    throw promptvError('STAGE_REJECTED', { ...about, stage: rejected.stage, person: rejection.by });
  if (rejected && deciding.decision === 'approve')
    throw promptvError('STAGE_REJECTED', { ...about, stage: rejected.stage, person: rejection?.by });
  const isWaiting = stages.find((status) => status.stage === stage.name)?.state === 'waiting';
  const first = stages.find(({ state }) => state !== 'approved');
  if (isWaiting && first) throw promptvError('STAGE_WAITING', { ...about, first: first.stage });
};

const assertNotOwn = ({ environment, version, person, emails, authors }: Deciding): void => {
  if (environment.allowSelfApproval || !isOwn(authors, emails)) return;
  const isKnown = authors.length > 0 && authors.every((author) => emailOf(author) !== '');
  const reason = isKnown
    ? 'it is their own work'
    : "its authors are not recorded, so it counts as everybody's own";
  throw promptvError('OWN_VERSION', { ref: refOf(version), person, reason, environment: environment.name });
};

const refOf = (version: Version): string => `${version.name}@${version.version}`;
