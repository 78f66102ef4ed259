import { parseDurationMs } from '../config/duration.ts';
import type { EnvironmentConfig } from '../config/schema.ts';
import { compareImpact, type Impact } from '../impact/grade.ts';
import { matchesBranchGlob } from '../version/branch-glob.ts';
import { type ApprovalDecision, type ApprovalRequest, emailOf } from './records.ts';
import type { Approval, SignatureState, StageStatus } from './stage.ts';

/** A decision with what git knows of it. */
export interface RecordedDecision {
  readonly decision: ApprovalDecision;
  /** How its commit is signed. */
  readonly signature: SignatureState;
  /** The person's addresses: their own, and the one that the mailmap gives them. */
  readonly emails: readonly string[];
}

/** What was asked and answered in one stage. */
export interface StageRecords {
  readonly request: ApprovalRequest | null;
  readonly decisions: readonly RecordedDecision[];
}

/** Everything that decides how the stages stand for one version. */
export interface StagesInput {
  readonly environment: EnvironmentConfig;
  readonly prompt: string;
  readonly version: string;
  readonly contentHash: string;
  /** `Name <mail>` of everybody who worked on the version; none known: it counts as everybody's. */
  readonly authors: readonly string[];
  /** What callers feel; null where no grade is small enough to go without approval. */
  readonly impact: Impact | null;
  readonly records: ReadonlyMap<string, StageRecords>;
  readonly now: Date;
}

type Stage = EnvironmentConfig['approvals'][number];

/**
 * How the stages of an environment stand, in their order: a stage has its turn when those before it are approved. What
 * needs no approval is still approved or rejected where people said so.
 */
export const evaluateStages = (input: StagesInput): readonly StageStatus[] => {
  const needsNone = isAutomatic(input.environment, input.impact);
  const stages: StageStatus[] = [];
  // When the stages so far were approved: null while one is not.
  let turn: string | null = '';
  for (const stage of input.environment.approvals) {
    const { status, approvedAt } = evaluateStage(input, stage, turn);
    stages.push(needsNone ? withoutNeed(status) : status);
    turn = approvedAt ?? (needsNone ? turn : null);
  }
  return stages;
};

/** Whether versions of this impact need no approval here. */
export const isAutomatic = ({ autoApprove }: EnvironmentConfig, impact: Impact | null): boolean =>
  autoApprove === true ||
  (autoApprove !== false && impact !== null && compareImpact(impact, autoApprove) <= 0);

const withoutNeed = (status: StageStatus): StageStatus =>
  status.state === 'approved' || status.state === 'rejected'
    ? status
    : { ...status, state: 'automatic', durationMs: null, overdue: false, detail: null };

const evaluateStage = (
  input: StagesInput,
  stage: Stage,
  turn: string | null,
): { readonly status: StageStatus; readonly approvedAt: string | null } => {
  const { request, decisions } = input.records.get(stage.name) ?? { request: null, decisions: [] };
  const approvals = decisions
    .map((recorded) => toApproval(input, { stage, request, recorded }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const state = stateOf(input, { stage, request, approvals, turn });
  const decidedAt = decisionTime(state, { approvals, required: stage.required });
  const startedAt = turn === null || request === null ? null : later(request.at, turn);
  const untilMs = decidedAt === null ? input.now.getTime() : Date.parse(decidedAt);
  const durationMs = startedAt === null ? null : Math.max(0, untilMs - Date.parse(startedAt));
  const ageMs = parseDurationMs(input.environment.approvalAge);
  const status: StageStatus = {
    stage: stage.name,
    required: stage.required,
    approvals,
    state,
    requestedAt: request?.at ?? null,
    requestedBy: request?.by ?? null,
    durationMs,
    overdue: state === 'pending' && durationMs !== null && durationMs > ageMs,
    detail: detailOf(input, { stage, state, isRequested: request !== null }),
  };
  return { status, approvedAt: state === 'approved' ? (later(decidedAt ?? '', turn ?? '') ?? '') : null };
};

const later = (a: string, b: string): string => (b !== '' && Date.parse(b) > Date.parse(a) ? b : a);

const stateOf = (
  { contentHash }: StagesInput,
  {
    stage,
    request,
    approvals,
    turn,
  }: {
    readonly stage: Stage;
    readonly request: ApprovalRequest | null;
    readonly approvals: readonly Approval[];
    readonly turn: string | null;
  },
): StageStatus['state'] => {
  if (request !== null && request.contentHash !== contentHash) return 'invalid';
  const counting = approvals.filter(({ counts }) => counts);
  if (counting.some(({ decision }) => decision === 'reject')) return 'rejected';
  if (turn === null) return 'waiting';
  return counting.length >= stage.required ? 'approved' : 'pending';
};

/** The approval that made the number full, or the first rejection. */
const decisionTime = (
  state: StageStatus['state'],
  { approvals, required }: { readonly approvals: readonly Approval[]; readonly required: number },
): string | null => {
  const counting = approvals.filter(({ counts }) => counts);
  if (state === 'rejected') return counting.find(({ decision }) => decision === 'reject')?.at ?? null;
  return state === 'approved' ? (counting[required - 1]?.at ?? null) : null;
};

const toApproval = (
  input: StagesInput,
  {
    stage,
    request,
    recorded,
  }: { readonly stage: Stage; readonly request: ApprovalRequest | null; readonly recorded: RecordedDecision },
): Approval => {
  const { by, decision, at, comment } = recorded.decision;
  const ignored = ignoredBecause(input, { stage, request, recorded });
  return { by, decision, at, comment, signature: recorded.signature, counts: ignored === null, ignored };
};

const ignoredBecause = (
  { environment, contentHash, authors }: StagesInput,
  {
    stage,
    request,
    recorded,
  }: { readonly stage: Stage; readonly request: ApprovalRequest | null; readonly recorded: RecordedDecision },
): string | null => {
  const { decision, emails, signature } = recorded;
  if (decision.contentHash !== contentHash) return 'it was given to another content';
  if (decision.request !== request?.id) return 'it answers an earlier request';
  if (environment.signed && signature !== 'valid') return signatureProblem(signature);
  // The commit's signer is checked against the decision's own address, which therefore must be the approver's.
  if (!mayApprove(stage, environment.signed ? [emailOf(decision.by)] : emails))
    return 'they are no approver of this stage';
  // An author who withdraws their own work is heard.
  if (decision.decision === 'approve' && !environment.allowSelfApproval && isOwn(authors, emails))
    return 'the version is their own';
  return null;
};

const signatureProblem = (signature: SignatureState): string => {
  if (signature === 'unsigned') return 'its commit is not signed';
  return signature === 'other'
    ? "its commit is not signed by the approver's own key"
    : 'its signature cannot be checked here';
};

/** Whether one of a person's addresses is an approver's: none listed means anybody; case does not count. */
export const mayApprove = ({ approvers }: Stage, emails: readonly string[]): boolean =>
  approvers.length === 0 ||
  approvers.some((approver) =>
    emails.some((email) => matchesBranchGlob(approver.toLowerCase(), email.toLowerCase())),
  );

/** Whether somebody with these addresses worked on a version; without a complete list of authors everybody did. */
export const isOwn = (authors: readonly string[], emails: readonly string[]): boolean => {
  const known = authors.map((author) => emailOf(author).toLowerCase());
  return (
    known.length === 0 || known.includes('') || emails.some((email) => known.includes(email.toLowerCase()))
  );
};

const detailOf = (
  { prompt, version, environment }: StagesInput,
  { stage, state, isRequested }: { stage: Stage; state: StageStatus['state']; isRequested: boolean },
): string | null => {
  const target = `${prompt}@${version} --env ${environment.name}`;
  if (state === 'approved' || state === 'waiting') return null;
  if (!isRequested) return `not submitted: promptv approval submit ${target}`;
  if (state === 'rejected') return `rejected until it is submitted again: promptv approval submit ${target}`;
  if (state === 'invalid')
    return `the version has another content than was submitted: promptv approval submit ${target}`;
  return `promptv approval approve ${target} --stage ${stage.name}`;
};
