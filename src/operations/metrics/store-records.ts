import { randomUUID } from 'node:crypto';
import { planBatch } from '../../core/metrics/batch.ts';
import { addCost, captureTexts, fillRecord } from '../../core/metrics/complete-record.ts';
import { type MetricRecord, readMetricRecord } from '../../core/metrics/record.ts';
import { promptvError } from '../../errors.ts';
import { appendBatches } from '../../store/metrics-log/append.ts';
import type { Workspace } from '../workspace.ts';
import type { FindUnknown } from './known-prompts.ts';
import { metricsDirectory } from './open.ts';

/** Completes what was given to a record: time, id, cost. @throws METRICS_RECORD_INVALID */
export const completeRecord = (workspace: Workspace, value: unknown, number: number): MetricRecord => {
  const { prices, metrics } = workspace.config;
  const reading = readMetricRecord(
    fillRecord(value, { ts: workspace.now().toISOString(), id: randomUUID() }),
  );
  if (!reading.ok) throw promptvError('METRICS_RECORD_INVALID', { number, reason: reading.reason });
  return captureTexts(addCost(reading.record, prices), metrics);
};

/** Throws for the first record that names a prompt or version that is not there. @throws PROMPT_NOT_FOUND, VERSION_NOT_FOUND */
export const assertKnown = async (records: readonly MetricRecord[], find: FindUnknown): Promise<void> => {
  for (const record of records) {
    const unknown = await find(record);
    if (unknown !== null) throw unknown;
  }
};

/**
 * Appends records to the workspace's log, one write a UTC day; none when one of them may not be stored.
 * @throws METRICS_RECORD_INVALID, METRICS_RECORD_TOO_LARGE, METRICS_WRITER_INVALID, FILE_ACCESS
 */
export const storeRecords = async (
  workspace: Workspace,
  records: readonly MetricRecord[],
  { dryRun = false }: { readonly dryRun?: boolean },
): Promise<void> => {
  const batches = planBatch(records, workspace.now().getTime());
  if (dryRun) return;
  const { writer, fsync } = workspace.config.metrics;
  await appendBatches(batches, {
    directory: metricsDirectory(workspace),
    writer: writer ?? undefined,
    fsync,
  });
};
