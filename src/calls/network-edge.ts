import { setTimeout as wait } from 'node:timers/promises';
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  handleWhen,
  type IBreaker,
} from 'cockatiel';
import { promptvError } from '../errors.ts';
import { type Attempt, AttemptFailure, attemptRequest, type EdgeRequest } from './attempt-request.ts';

/** How connections are kept from hanging, and hosts in trouble from being asked again and again. */
export interface EdgeOptions {
  /** One attempt may take so long. */
  readonly timeoutMs: number;
  /** A failed attempt is repeated so often. */
  readonly retries: number;
  readonly breaker: {
    /** Failures in a row that open the circuit of a host. */
    readonly failures: number;
    readonly cooldownMs: number;
    /** Successes in a row that close it after the cool-down. */
    readonly successes: number;
  };
  /** The wait before the first repetition; each later one is twice as long. */
  readonly firstDelayMs?: number;
}

/** The one way to the network: time limits, repetitions and a circuit breaker for each host, shared by all its users. */
export interface NetworkEdge {
  /**
   * Sends a request and reads the JSON of a successful answer; `latencyMs` is that of the attempt that went well.
   * @throws CALL_FAILED, CIRCUIT_OPEN; the signal's reason when the caller gives up
   */
  requestJson(request: EdgeRequest): Promise<Attempt>;
}

const longestDelayMs = 10_000;
const longestRetryAfterMs = 60_000;

/** Opens an edge; its circuits live as long as it does. */
export const createNetworkEdge = (options: EdgeOptions): NetworkEdge => {
  const circuits = new Map<string, HostCircuit>();
  const circuitOf = (url: string): HostCircuit => {
    const { origin } = new URL(url);
    const circuit = circuits.get(origin) ?? { policy: createCircuit(options), lastReason: '' };
    circuits.set(origin, circuit);
    return circuit;
  };
  return {
    requestJson: async (request) => {
      const circuit = circuitOf(request.url);
      for (let attempt = 0; ; attempt++) {
        try {
          return await circuit.policy.execute(() => attemptRequest(request, options.timeoutMs));
        } catch (error) {
          const failure = readFailure(error, { request, options, circuit });
          circuit.lastReason = hideSecrets(request, failure.message);
          const delayMs = delayBefore(failure, attempt, options.firstDelayMs ?? 250);
          if (attempt >= options.retries || delayMs === null) throw callFailed(request, failure);
          await wait(delayMs, undefined, { signal: request.signal }).catch(() =>
            request.signal?.throwIfAborted(),
          );
        }
      }
    },
  };
};

/** The circuit of a host, and what was wrong with it the last time. */
interface HostCircuit {
  readonly policy: CircuitBreakerPolicy;
  lastReason: string;
}

/** Cockatiel closes after one success; the breaker below keeps the circuit on trial until there were enough. */
const createCircuit = ({ breaker }: EdgeOptions): CircuitBreakerPolicy =>
  circuitBreaker(handleWhen(isHostFailure), {
    halfOpenAfter: breaker.cooldownMs,
    breaker: new TrialBreaker(breaker.failures, breaker.successes),
  });

const isHostFailure = (error: Error): boolean => error instanceof AttemptFailure && error.isHostFailure;

/** Opens after failures in a row; after a cool-down one failure opens it again until enough calls succeeded. */
class TrialBreaker implements IBreaker {
  state: unknown;
  private failures = 0;
  private wanted = 0;
  private readonly most: number;
  private readonly successes: number;

  constructor(most: number, successes: number) {
    this.most = most;
    this.successes = successes;
  }

  success(state: CircuitState): void {
    this.failures = 0;
    if (state === CircuitState.HalfOpen) this.wanted = this.successes - 1;
    else if (this.wanted > 0) this.wanted -= 1;
  }

  failure(state: CircuitState): boolean {
    this.failures += 1;
    const isOver = state === CircuitState.HalfOpen || this.wanted > 0 || this.failures >= this.most;
    if (isOver) this.failures = 0;
    if (isOver) this.wanted = 0;
    return isOver;
  }
}

const readFailure = (
  error: unknown,
  {
    request,
    options,
    circuit,
  }: { readonly request: EdgeRequest; readonly options: EdgeOptions; readonly circuit: HostCircuit },
): AttemptFailure => {
  request.signal?.throwIfAborted();
  if (error instanceof AttemptFailure) return error;
  if (!(error instanceof BrokenCircuitError)) throw error;
  throw promptvError('CIRCUIT_OPEN', {
    address: addressOf(request.url),
    failures: options.breaker.failures,
    reason: circuit.lastReason,
    seconds: options.breaker.cooldownMs / 1000,
  });
};

/** Null where another attempt is of no use. */
const delayBefore = (failure: AttemptFailure, attempt: number, firstDelayMs: number): number | null => {
  if (!failure.isTransient) return null;
  if (failure.retryAfterMs !== null)
    return failure.retryAfterMs > longestRetryAfterMs ? null : failure.retryAfterMs;
  return Math.min(longestDelayMs, firstDelayMs * 2 ** attempt) * (0.75 + Math.random() / 2);
};

const callFailed = (request: EdgeRequest, failure: AttemptFailure): Error =>
  promptvError('CALL_FAILED', {
    address: addressOf(request.url),
    reason: hideSecrets(request, failure.message),
    failure: failure.problem,
  });

/** A server may repeat what it was sent, so a cause is not passed on either. */
const hideSecrets = ({ mask = (text) => text }: EdgeRequest, text: string): string => mask(text);

/** Without name, password and query, which may hold secrets. */
const addressOf = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
};
