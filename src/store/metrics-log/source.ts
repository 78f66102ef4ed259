import type { RecordColumns } from '../../core/metrics/columns.ts';
import type { LogPart } from '../../core/metrics/gather.ts';
import { groupRows } from '../../core/metrics/group-rows.ts';
import { assertQueryFields, isColumnField } from '../../core/metrics/query-fields.ts';
import type { MetricRecord } from '../../core/metrics/record.ts';
import type { MetricsQuery, MetricsSource } from '../../core/metrics/source.ts';
import { gatherValues, summarizeParts } from '../../core/metrics/summarize.ts';
import { readAnswer, writeAnswer } from './answers.ts';
import type { StoredPart } from './log-part.ts';
import {
  cacheFolder,
  describeCoverage,
  findSegments,
  type LogLocation,
  type MetricsLogOptions,
  type OpenLog,
  openLog,
} from './open-log.ts';
import { readFieldColumns, readRecords } from './part-lines.ts';

/**
 * The JSON lines of a directory or file as a source of figures. Every call sees the log as it is then, whoever has
 * written it. A log that does not exist has no segments.
 */
export const openMetricsLog = (location: LogLocation, options: MetricsLogOptions): MetricsSource => {
  const cache = cacheFolder(location, options);
  const open = async (): Promise<OpenLog> => openLog(await findSegments(location), cache, options);
  const report = options.onCacheFailure ?? (() => undefined);
  return {
    summarize: async (query) => {
      assertQueryFields(query);
      const segments = await findSegments(location);
      const known = cache === null ? null : await readAnswer(cache, query, segments);
      if (known !== null) return known;
      return using(await openLog(segments, cache, options), async (log) => {
        const groups = summarizeParts(await loadParts(log, query), query);
        const summary = { groups, coverage: describeCoverage(log) };
        if (cache !== null) await writeAnswer(cache, query, log.segments, summary).catch(report);
        return summary;
      });
    },
    values: async (query) => {
      assertQueryFields(query);
      return using(await open(), async (log) => gatherValues(await loadParts(log, query), query));
    },
    coverage: async () => using(await open(), async (log) => describeCoverage(log)),
    records: async function* (filter) {
      assertQueryFields(filter);
      const log = await open();
      try {
        for (const [index, part] of log.parts.entries())
          yield* recordsOf(part, log.copies[index] ?? new Set(), { ...filter, metrics: [] });
      } finally {
        await log.close();
      }
    },
  };
};

const using = async <T>(log: OpenLog, work: (log: OpenLog) => Promise<T>): Promise<T> => {
  try {
    return await work(log);
  } finally {
    await log.close();
  }
};

const loadParts = async (log: OpenLog, query: MetricsQuery): Promise<LogPart[]> => {
  const parts: LogPart[] = [];
  for (const [index, part] of log.parts.entries()) {
    const leftOut = log.copies[index] ?? new Set<number>();
    parts.push({ columns: await loadColumns(part, leftOut, query), leftOut });
  }
  return parts;
};

/** The columns that a query needs; fields that are not kept as columns are read for the rows that may match. */
const loadColumns = async (
  part: StoredPart,
  leftOut: ReadonlySet<number>,
  query: MetricsQuery,
): Promise<RecordColumns> => {
  const conditions = query.where ?? [];
  const fields = [
    ...new Set(['prompt', 'status', ...(query.by ?? []), ...conditions.map(({ field }) => field)]),
  ];
  const columns = await part.columns(fields, query.metrics ?? null);
  const others = fields.filter((field) => !isColumnField(field));
  if (others.length === 0) return columns;
  const cheap = { ...query, by: [], where: conditions.filter(({ field }) => isColumnField(field)) };
  const read = await readFieldColumns(part, groupRows(columns, cheap, leftOut), others);
  return { ...columns, dimensions: new Map([...columns.dimensions, ...read]) };
};

async function* recordsOf(
  part: StoredPart,
  leftOut: ReadonlySet<number>,
  query: MetricsQuery,
): AsyncGenerator<MetricRecord> {
  const rows = groupRows(await loadColumns(part, leftOut, query), query, leftOut);
  for await (const { record } of readRecords(part, rows)) yield record;
}
