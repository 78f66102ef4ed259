import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/prompt/content-hash.ts';
import { promptvError } from '../errors.ts';
import type { Provider, ProviderAnswer, ProviderRequest } from './provider.ts';

/** A folder of recorded answers: one file for each request, named after what was asked. */
export interface Recordings {
  /** As messages show it. */
  readonly place: string;
  /** The text of a recording, or null. */
  readonly read: (file: string) => Promise<string | null>;
  readonly write: (file: string, text: string) => Promise<void>;
}

/** Answers with what was recorded for the very same request. */
export const createReplayProvider =
  ({ place, read }: Recordings): Provider =>
  async (request, signal) => {
    signal.throwIfAborted();
    const file = fileOf(request);
    const text = await read(file);
    if (text === null) throw promptvError('RECORDING_MISSING', { place, file });
    const answer = parseRecording(text);
    if (answer === null) throw promptvError('RECORDING_INVALID', { place, file });
    return answer;
  };

/** Passes requests on and keeps what was asked and answered; headers, and with them keys, are never seen here. */
export const createRecordingProvider =
  (provider: Provider, { write }: Recordings): Provider =>
  async (request, signal) => {
    const answer = await provider(request, signal);
    await write(fileOf(request), `${JSON.stringify({ request: asked(request), answer }, null, 2)}\n`);
    return answer;
  };

/** What makes two requests the same. */
const asked = ({ messages, model, parameters, responseFormat, tools }: ProviderRequest): object => ({
  messages,
  model,
  parameters,
  responseFormat,
  tools,
});

const fileOf = (request: ProviderRequest): string =>
  `${createHash('sha256')
    .update(canonicalJson(asked(request)))
    .digest('hex')
    .slice(0, 32)}.json`;

const parseRecording = (text: string): ProviderAnswer | null => {
  try {
    const answer: unknown = JSON.parse(text)?.answer;
    return isAnswer(answer) ? answer : null;
  } catch {
    return null;
  }
};

const isAnswer = (value: unknown): value is ProviderAnswer =>
  typeof value === 'object' &&
  value !== null &&
  'text' in value &&
  typeof value.text === 'string' &&
  'latencyMs' in value &&
  typeof value.latencyMs === 'number' &&
  ['model', 'inputTokens', 'outputTokens'].every((key) => key in value);
