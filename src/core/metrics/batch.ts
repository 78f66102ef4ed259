import { promptvError } from '../../errors.ts';
import {
  formatRecordLine,
  type MetricRecord,
  maxLineBytes,
  readMetricRecord,
  refusalToWrite,
} from './record.ts';

/** The lines of one UTC day, as they are appended in one write: a newline before, between and after them. */
export interface DayBatch {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly text: string;
  readonly records: readonly MetricRecord[];
}

/**
 * Turns records into what is appended to the log, by day, at the moment `now` (epoch milliseconds). All or nothing:
 * throws METRICS_RECORD_INVALID or METRICS_RECORD_TOO_LARGE for the first that may not be stored (`number` from 1).
 */
export const planBatch = (values: readonly unknown[], now: number): DayBatch[] => {
  const days = new Map<string, { lines: string[]; records: MetricRecord[] }>();
  for (const [index, value] of values.entries()) {
    const record = acceptRecord(value, index + 1, now);
    const line = formatRecordLine(record);
    const bytes = new TextEncoder().encode(line).length;
    if (bytes > maxLineBytes)
      throw promptvError('METRICS_RECORD_TOO_LARGE', { number: index + 1, bytes, limit: maxLineBytes });
    const day = days.get(record.ts.slice(0, 10)) ?? { lines: [], records: [] };
    days.set(record.ts.slice(0, 10), day);
    day.lines.push(line);
    day.records.push(record);
  }
  return [...days].map(([day, { lines, records }]) => ({ day, records, text: `\n${lines.join('\n')}\n` }));
};

const acceptRecord = (value: unknown, number: number, now: number): MetricRecord => {
  const reading = readMetricRecord(value);
  const reason = refusalToWrite(reading, now);
  if (reason !== null || !reading.ok) throw promptvError('METRICS_RECORD_INVALID', { number, reason });
  return reading.record;
};
