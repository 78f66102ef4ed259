import { matchesFilter } from '../../core/metrics/matches-filter.ts';
import { assertQueryFields } from '../../core/metrics/query-fields.ts';
import { type MetricRecord, readMetricRecord } from '../../core/metrics/record.ts';
import type { MetricsFilter } from '../../core/metrics/source.ts';
import { parseStrictJson } from '../../core/metrics/strict-json.ts';
import { findSegments } from '../../store/metrics-log/open-log.ts';
import type { Segment } from '../../store/metrics-log/segments.ts';
import { type ReadPositions, readLinesBackwards, readNewLines } from '../../store/metrics-log/tail-lines.ts';
import { pause } from '../pause.ts';
import type { Warning } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { type FilterRequest, readFilter } from './filter.ts';
import { withLog } from './open.ts';

export interface MetricsTailRequest extends FilterRequest {
  /** How many of the last records; default: 10. */
  readonly limit?: number;
  /** Goes on with those that come, until it is aborted. */
  readonly follow?: AbortSignal;
  /** How often to look for them; default: every 300 ms. */
  readonly intervalMs?: number;
  readonly onRecord: (record: MetricRecord) => void;
}

/** What was passed over: lines that are no records, as far as the log was read. */
export interface TailedRecords {
  readonly skipped: number;
  readonly warnings: readonly Warning[];
}

/**
 * Hands over the last records that match, the earliest first, and with `follow` those that come. Lines that are no
 * records are passed over.
 */
export const tailMetrics = (workspace: Workspace, request: MetricsTailRequest): Promise<TailedRecords> => {
  const { filter } = readFilter(workspace, request);
  assertQueryFields(filter);
  return withLog(workspace, request, async ({ location }) => {
    const segments = await findSegments(location);
    const skipped: string[] = [];
    const last = await readLast(segments, filter, { limit: request.limit ?? 10, skipped });
    for (const record of last) request.onRecord(record);
    if (request.follow === undefined) return describeTail(skipped);
    const positions: ReadPositions = new Map(segments.map(({ path, state }) => [path, state.size]));
    const seen = new Set(last.map(keyOf));
    while (!request.follow.aborted) {
      for (const { segment, line } of await readNewLines(await findSegments(location), positions)) {
        const record = parseLine(line);
        if (record === null) skipped.push(segment);
        if (record === null || !matchesFilter(record, filter) || seen.has(keyOf(record))) continue;
        seen.add(keyOf(record));
        request.onRecord(record);
      }
      await pause(request.intervalMs ?? 300, request.follow);
    }
    return describeTail(skipped);
  });
};

/** What was passed over on the way: `skipped` has a segment for each line. */
const describeTail = (skipped: readonly string[]): TailedRecords => {
  if (skipped.length === 0) return { skipped: 0, warnings: [] };
  const segments = [...new Set(skipped)].sort().join(', ');
  const message = `${skipped.length === 1 ? '1 line' : `${skipped.length} lines`} of ${segments} could not be read; "promptv doctor" says which.`;
  return { skipped: skipped.length, warnings: [{ code: 'METRICS_LINES_SKIPPED', message }] };
};

const keyOf = ({ ts, id = '' }: MetricRecord): string => `${ts.slice(0, 10)} ${id}`;

const parseLine = (line: string): MetricRecord | null => {
  const parsed = parseStrictJson(line);
  const reading = parsed.ok ? readMetricRecord(parsed.value) : null;
  return reading?.ok === true ? reading.record : null;
};

interface TailLimits {
  readonly limit: number;
  /** Receives the segment of each line that is no record. */
  readonly skipped: string[];
}

/** The last records by time. Writers may have segments of their own, so those of one day are read together. */
const readLast = async (
  segments: readonly Segment[],
  filter: MetricsFilter,
  { limit, skipped }: TailLimits,
): Promise<MetricRecord[]> => {
  const days = groupByDay(segments);
  const found: MetricRecord[] = [];
  for (const day of [...days.keys()].sort().reverse()) {
    const ofDay: MetricRecord[] = [];
    for (const segment of days.get(day) ?? [])
      ofDay.push(...(await readLastOf(segment, filter, { limit, skipped })));
    // What was written last comes first here, so of a repeated id the first written is the one kept.
    const once = new Map(ofDay.map((record) => [record.id === undefined ? record : keyOf(record), record]));
    found.push(...[...once.values()].sort((a, b) => (a.ts < b.ts ? 1 : a.ts > b.ts ? -1 : 0)));
    if (found.length >= limit) break;
  }
  return found.slice(0, limit).reverse();
};

const groupByDay = (segments: readonly Segment[]): Map<string, Segment[]> => {
  const days = new Map<string, Segment[]>();
  for (const segment of segments) {
    const day = segment.name.slice(0, 10);
    days.set(day, [...(days.get(day) ?? []), segment]);
  }
  return days;
};

const readLastOf = async (
  segment: Segment,
  filter: MetricsFilter,
  { limit, skipped }: TailLimits,
): Promise<MetricRecord[]> => {
  const records: MetricRecord[] = [];
  for await (const line of readLinesBackwards(segment)) {
    const record = parseLine(line);
    if (record === null) skipped.push(segment.name);
    else if (matchesFilter(record, filter)) records.push(record);
    if (records.length >= limit) break;
  }
  return records;
};
