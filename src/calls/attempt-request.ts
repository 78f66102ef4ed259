/** One HTTP request. Header values are never shown. */
export interface EdgeRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Aborted when the caller does not wait any longer. */
  readonly signal?: AbortSignal;
  /** Hides secrets in what the server says. */
  readonly mask?: (text: string) => string;
  /** True where it only matters that the server took it: the body is not read, and answered as null. */
  readonly ignoresAnswer?: boolean;
}

/** How an attempt failed: no answer at all, none in time, a status of failure, or an answer that is not understood. */
type AttemptProblem = 'unreachable' | 'timeout' | 'status' | 'malformed';

/** The JSON of a successful answer. */
export interface Attempt {
  readonly body: unknown;
  /** From sending to the last byte. */
  readonly latencyMs: number;
}

interface FailureKind {
  readonly problem: AttemptProblem;
  /** Whether it may go well the next time. */
  readonly isTransient: boolean;
  /** Whether it says that the host is in trouble. */
  readonly isHostFailure: boolean;
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

/** Why one attempt failed, without anything that was sent. */
export class AttemptFailure extends Error {
  override readonly name = 'AttemptFailure';
  readonly problem: AttemptProblem;
  readonly isTransient: boolean;
  readonly isHostFailure: boolean;
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    { problem, isTransient, isHostFailure, retryAfterMs = null, cause }: FailureKind,
  ) {
    super(message, { cause });
    this.problem = problem;
    this.isTransient = isTransient;
    this.isHostFailure = isHostFailure;
    this.retryAfterMs = retryAfterMs;
  }
}

const inTrouble = { isTransient: true, isHostFailure: true };
const final = { problem: 'malformed', isTransient: false, isHostFailure: false } as const;

/** More of an answer is not read. */
const mostBytes = 8 * 1024 * 1024;
const mostErrorBytes = 64 * 1024;

/** Sends a request once. @throws AttemptFailure */
export const attemptRequest = async (request: EdgeRequest, timeoutMs: number): Promise<Attempt> => {
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = request.signal ? AbortSignal.any([limit, request.signal]) : limit;
  const start = performance.now();
  try {
    const response = await fetch(request.url, {
      method: request.method ?? 'GET',
      headers: { ...request.headers },
      body: request.body ?? null,
      // A redirect would take the headers, and with them the key, elsewhere.
      redirect: 'error',
      signal,
    });
    return { body: await readResponse(response, request), latencyMs: performance.now() - start };
  } catch (error) {
    if (error instanceof AttemptFailure) throw error;
    if (limit.aborted)
      throw new AttemptFailure(`no answer within ${timeoutMs} ms`, {
        problem: 'timeout',
        ...inTrouble,
        cause: error,
      });
    throw new AttemptFailure(reasonOf(error), { problem: 'unreachable', ...inTrouble, cause: error });
  }
};

/** `fetch` says "fetch failed", and the cause says why. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause && typeof cause.code === 'string'
    ? `${cause.message} (${cause.code})`
    : cause.message;
};

const readResponse = async (response: Response, { ignoresAnswer }: EdgeRequest): Promise<unknown> => {
  const { status, headers } = response;
  if (!response.ok) {
    const said = explain(await readText(response, mostErrorBytes).catch(() => ''));
    const isBusy = status === 429 || status === 408 || status >= 500;
    throw new AttemptFailure(`status ${status}${said}`, {
      problem: 'status',
      isTransient: isBusy,
      isHostFailure: status >= 500,
      retryAfterMs: isBusy ? readRetryAfter(headers.get('retry-after')) : null,
    });
  }
  if (ignoresAnswer) {
    await response.body?.cancel();
    return null;
  }
  const type = headers.get('content-type') ?? 'none';
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) {
    await response.body?.cancel();
    throw new AttemptFailure(`the answer is no JSON but of the type ${type.slice(0, 100)}`, final);
  }
  const text = await readText(response, mostBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new AttemptFailure('the answer is not well-formed JSON', { problem: 'malformed', ...inTrouble });
  }
};

const readText = async (response: Response, most: number): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > most) throw new AttemptFailure(`the answer has more than ${most} bytes`, final);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** What an error of OpenAI's or Prometheus's shape says; other bodies may be anything and are not repeated. */
const explain = (text: string): string => {
  try {
    const error: unknown = JSON.parse(text)?.error;
    const message: unknown =
      typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
    return typeof message === 'string' && message !== '' ? `: ${message.slice(0, 300)}` : '';
  } catch {
    return '';
  }
};

/** Seconds, or a date; null of anything else. */
const readRetryAfter = (value: string | null): number | null => {
  if (value === null) return null;
  if (/^\d{1,6}$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
};
