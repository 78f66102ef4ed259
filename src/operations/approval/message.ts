import { decisionLine } from '../decide-state.ts';

/** A commit's message: what was decided. Comments stay in the file, where no line of theirs passes for a trailer. */
export const approvalMessage = (
  verb: 'Submit' | 'Approve' | 'Reject',
  {
    ref,
    environment,
    stage,
  }: { readonly ref: string; readonly environment: string; readonly stage: string | null },
): string => {
  const place = stage === null ? environment : `${environment} (${stage})`;
  return `${verb} ${ref} for ${place}\n\n${decisionLine}${verb.toLowerCase()} ${ref} in ${place}\n`;
};
