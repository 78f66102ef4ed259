import type { Workspace } from '../workspace.ts';
import { type MetricsRecordRequest, recordFromFlags } from './record.ts';

/** What a tracked call may say of itself while it runs. */
export interface TrackedRun {
  /** Adds or replaces a metric, such as `output_tokens`. */
  readonly metric: (name: string, value: number) => void;
  /** Says a field, such as `model`. */
  readonly field: (
    name: 'model' | 'provider' | 'region' | 'unit' | 'case' | 'variant',
    value: string,
  ) => void;
}

export interface TrackOptions
  extends Pick<MetricsRecordRequest, 'environment' | 'fields' | 'meta' | 'allowUnknown'> {
  /** Told when the record could not be stored. Without it that is thrown, and the call's answer is lost. */
  readonly onRecordFailure?: (error: unknown) => void;
}

/**
 * Calls `run`, and records `latency_ms` and success, or the class of what it throws, for `NAME[@SELECTOR]`. Resolves
 * and rejects as `run` does.
 */
export const trackRun = async <Result>(
  workspace: Workspace,
  ref: string,
  run: (tracked: TrackedRun) => Result | Promise<Result>,
  { onRecordFailure, ...options }: TrackOptions = {},
): Promise<Result> => {
  const metrics = new Map<string, number>();
  const fields = new Map<string, string>(Object.entries(options.fields ?? {}));
  const tracked: TrackedRun = {
    metric: (name, value) => metrics.set(name, value),
    field: (name, value) => fields.set(name, value),
  };
  const at = workspace.now().toISOString();
  const start = performance.now();
  const write = async (outcome: Readonly<Record<string, string>>): Promise<void> => {
    const latencyMs = performance.now() - start;
    await recordFromFlags(workspace, {
      ...options,
      ref,
      at,
      fields: { ...Object.fromEntries(fields), ...outcome },
      metrics: { latency_ms: latencyMs, ...Object.fromEntries(metrics) },
    });
  };
  let result: Result;
  try {
    result = await run(tracked);
  } catch (error) {
    await write({ status: 'error', error: classOf(error) }).catch(onRecordFailure ?? (() => undefined));
    throw error;
  }
  const written = write({ status: 'success' });
  await (onRecordFailure === undefined ? written : written.catch(onRecordFailure));
  return result;
};

/** A short class: the error's code, as of Node's system errors, else its name. */
const classOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
};
