import { signMessage } from '../core/notify/sign.ts';
import type { NetworkEdge } from './network-edge.ts';
import { describeEnd, runProgram } from './run-program.ts';

/** A message on its way to a webhook. */
export interface WebhookMessage {
  readonly url: string;
  /** Null leaves it unsigned. */
  readonly key: string | null;
  readonly id: string;
  readonly body: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  readonly mask: (text: string) => string;
}

/** Posts a message until it is taken, as often as the edge allows. @throws CALL_FAILED, CIRCUIT_OPEN, the signal's reason */
export const postWebhook = async (
  edge: NetworkEdge,
  { url, key, id, body, now, signal, mask }: WebhookMessage,
): Promise<void> => {
  const timestamp = Math.floor(now.getTime() / 1000);
  await edge.requestJson({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signMessage({ id, timestamp, body }, key) },
    body,
    signal,
    mask,
    ignoresAnswer: true,
  });
};

/** Gives a program a message on stdin; answers what is wrong, or null. @throws ProgramFailure, the signal's reason */
export const tellProgram = async (call: Parameters<typeof runProgram>[0]): Promise<string | null> => {
  const answer = await runProgram(call);
  return answer.exitCode === 0 ? null : `${call.argv[0]} ${describeEnd(answer)}`;
};
