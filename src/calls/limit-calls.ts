import { setTimeout as wait } from 'node:timers/promises';
import { bulkhead } from 'cockatiel';

/** Null sets no limit. */
export interface CallLimits {
  /** At the same time. */
  readonly concurrency: number | null;
  /** Evenly spaced. */
  readonly requestsPerMinute: number | null;
}

/** Runs work when it is its turn. */
export type CallGate = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A gate that lets through no more work than the limits allow; waiting before it costs no time limit of the work. */
export const createCallGate = ({ concurrency, requestsPerMinute }: CallLimits): CallGate => {
  const takeSlot = requestsPerMinute === null ? async () => {} : createSlots(60_000 / requestsPerMinute);
  const crowd = concurrency === null ? null : bulkhead(concurrency, Number.POSITIVE_INFINITY);
  return async (work) => {
    const start = async () => {
      await takeSlot();
      return work();
    };
    return crowd === null ? start() : crowd.execute(start);
  };
};

/** Each caller waits for the next moment that nobody else has taken. */
const createSlots = (intervalMs: number): (() => Promise<void>) => {
  let nextAt = 0;
  return async () => {
    const now = performance.now();
    const at = Math.max(now, nextAt);
    nextAt = at + intervalMs;
    if (at > now) await wait(at - now);
  };
};
