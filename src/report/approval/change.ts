import type { DecideResult } from '../../operations/approval/decide.ts';
import type { ApprovalResult } from '../../operations/approval/submit.ts';
import type { Decided } from '../../operations/decide-state.ts';
import type { Display } from '../display.ts';
import { createPaint } from '../paint.ts';
import { formatCommit } from '../promote.ts';
import { joinLines, sanitizeLine } from '../text.ts';
import { formatNextSteps, formatStages } from './stages.ts';

/** What was submitted, and how its stages stand. */
export const formatSubmit = (result: Decided<ApprovalResult>, display: Display): string =>
  formatChange(
    result,
    display,
    result.unchanged ? 'Nothing to submit:' : said(result, 'submit', 'Submitted'),
  );

/** What was decided, and how the stages stand now. */
export const formatDecide = (result: Decided<DecideResult>, display: Display): string => {
  const [verb, done] = result.decision === 'approve' ? ['approve', 'Approved'] : ['reject', 'Rejected'];
  const stage = result.stages.find(({ stage: name }) => name === result.stage);
  const already = stage?.state === 'automatic' ? 'No approval is needed (autoApprove):' : `${done} already:`;
  return formatChange(result, display, result.unchanged ? already : said(result, verb, done));
};

const said = ({ dryRun }: ApprovalResult, verb: string, done: string): string =>
  dryRun ? `Would ${verb}` : done;

const formatChange = (result: Decided<ApprovalResult>, display: Display, words: string): string => {
  const paint = createPaint(display);
  const version = paint.version(sanitizeLine(result.version));
  const place = sanitizeLine(result.environment);
  return joinLines([
    `${words} ${paint.strong(sanitizeLine(result.prompt))} ${version} for ${place}`,
    formatStages(result.stages, display),
    formatNextSteps(result.stages, display),
    formatCommit(result, display),
  ]);
};
