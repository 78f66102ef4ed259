import { promptvError } from '../errors.ts';
import type { NetworkEdge } from './network-edge.ts';
import type { Provider, ProviderAnswer, ProviderRequest } from './provider.ts';

export interface HttpProviderOptions {
  readonly name: string;
  /** Such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Null for a server that wants none. */
  readonly key: string | null;
  readonly edge: NetworkEdge;
  readonly mask: (text: string) => string;
}

/** A server of OpenAI's chat completions. The key goes into one header and nowhere else. */
export const createHttpProvider =
  ({ name, baseUrl, key, edge, mask }: HttpProviderOptions): Provider =>
  async (request, signal) => {
    const { body, latencyMs } = await edge.requestJson({
      url: `${baseUrl.replace(/\/+$/, '')}/chat/completions`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify(formatBody(request)),
      signal,
      mask,
    });
    const answer = readAnswer(body);
    if (answer === null)
      throw promptvError('PROVIDER_FAILED', { name, reason: 'the answer has no "choices" with a message' });
    return { ...answer, text: mask(answer.text), latencyMs };
  };

const formatBody = ({ messages, model, parameters, responseFormat, tools }: ProviderRequest): object => ({
  ...(model === null ? {} : { model }),
  messages,
  ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [toSnakeCase(key), value])),
  ...(responseFormat === null ? {} : { response_format: responseFormat }),
  ...(tools === null ? {} : { tools }),
});

const toSnakeCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const readAnswer = (body: unknown): Omit<ProviderAnswer, 'latencyMs'> | null => {
  if (!isMapping(body) || !Array.isArray(body.choices)) return null;
  const [choice] = body.choices;
  const message = isMapping(choice) ? choice.message : null;
  if (!isMapping(message)) return null;
  const text = readText(message);
  if (text === null) return null;
  const usage = isMapping(body.usage) ? body.usage : {};
  return {
    text,
    model: typeof body.model === 'string' ? body.model : null,
    inputTokens: readCount(usage.prompt_tokens),
    outputTokens: readCount(usage.completion_tokens),
  };
};

/** An answer that calls tools has no text; the calls are the answer. */
const readText = ({ content, tool_calls: calls }: Mapping): string | null => {
  if (typeof content === 'string') return content;
  return Array.isArray(calls) ? JSON.stringify(calls) : null;
};

const readCount = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
