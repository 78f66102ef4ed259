import {
  failedAnswer,
  type QueryAnswer,
  type QueryOutcome,
  readQueryAnswer,
} from '../core/prometheus/answer.ts';
import { isPromptvError } from '../errors.ts';
import type { NetworkEdge } from './network-edge.ts';

/** An instant query to a server that speaks the API of Prometheus. */
export interface PrometheusQuery {
  /** Up to and without `/api/v1`. */
  readonly url: string;
  /** Null for a server that wants none. */
  readonly token: string | null;
  readonly query: string;
  /** ISO 8601. */
  readonly at: string;
  readonly mask: (text: string) => string;
}

/** Asks for one value. Whatever goes wrong is an answer of its own kind, never a value and never an error. */
export const askPrometheus = async (
  edge: NetworkEdge,
  { url, token, query, at, mask }: PrometheusQuery,
): Promise<QueryAnswer> => {
  const parameters = new URLSearchParams({ query, time: String(Date.parse(at) / 1000) });
  try {
    const { body } = await edge.requestJson({
      url: `${url.replace(/\/+$/, '')}/api/v1/query?${parameters}`,
      headers: {
        accept: 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      mask,
    });
    const answer = readQueryAnswer(body);
    return { ...answer, detail: answer.detail && mask(answer.detail) };
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    return failedAnswer(outcomeOf(error.details.failure), error.message);
  }
};

/** An open circuit says that the host was not reached before. */
const outcomeOf = (failure: unknown): Exclude<QueryOutcome, 'value'> => {
  if (failure === 'status') return 'http-error';
  return failure === 'timeout' || failure === 'malformed' ? failure : 'unreachable';
};
