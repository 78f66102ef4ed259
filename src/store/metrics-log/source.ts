import { gatherValues } from '../../core/metrics/gather.ts';
import { groupRows } from '../../core/metrics/group-rows.ts';
import { assertDimensionFilter, assertQueryFields } from '../../core/metrics/query-fields.ts';
import type { MetricRecord } from '../../core/metrics/record.ts';
import type {
  MetricsFilter,
  MetricsQuery,
  MetricsSource,
  MetricsSummary,
} from '../../core/metrics/source.ts';
import { answerFromColumns, countParts, describeParts, loadParts } from './answer-query.ts';
import { readAnswer, readBasis, writeAnswer, writeBasis } from './answers.ts';
import { extendAnswer, isUntouched } from './extend-answer.ts';
import type { ReadTail } from './load-segment.ts';
import { readObservations } from './observations.ts';
import {
  cacheFolder,
  dropForeignCaches,
  findSegments,
  type LogLocation,
  type MetricsLogOptions,
  type OpenLog,
  openLog,
} from './open-log.ts';
import { readRecords } from './part-lines.ts';
import type { Segment } from './segments.ts';
import { countUnitsByVersion } from './unit-counts.ts';

/**
 * The JSON lines of a directory or file as a source of figures. Every call sees the log as it is then, whoever has
 * written it. A log that does not exist has no segments.
 */
export const openMetricsLog = (location: LogLocation, options: MetricsLogOptions): MetricsSource => {
  const cache = cacheFolder(location, options);
  const tails = new Map<string, ReadTail>();
  const open: OpenSegments = (segments, keepsWhole = false) =>
    openLog(segments, cache, { ...options, keepsWhole, tails });
  return {
    summarize: async (query) => {
      assertQueryFields(query);
      const segments = await findSegments(location);
      return cache === null
        ? using(await open(segments), async (log) => (await answerFromColumns(log, query)).summary)
        : summarizeCached(query, { segments, cache, open, options });
    },
    values: async (query) => {
      assertQueryFields(query);
      return using(await open(await findSegments(location)), async (log) =>
        gatherValues(await loadParts(await countParts(log.parts), query), query),
      );
    },
    observations: async (query) => {
      assertQueryFields(query);
      return using(await open(await findSegments(location)), (log) => readObservations(log, query));
    },
    unitCounts: async (filter) => {
      assertDimensionFilter(filter);
      return using(await open(await findSegments(location)), (log) => countUnitsByVersion(log, filter));
    },
    coverage: async () =>
      using(await open(await findSegments(location)), async (log) =>
        describeParts(log.segments.length, await countParts(log.parts)),
      ),
    records: async function* (filter) {
      assertQueryFields(filter);
      const log = await open(await findSegments(location));
      try {
        yield* recordsOf(log, filter);
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

type OpenSegments = (segments: readonly Segment[], keepsWhole?: boolean) => Promise<OpenLog>;

interface CachedLog {
  readonly segments: readonly Segment[];
  readonly cache: string;
  readonly open: OpenSegments;
  readonly options: MetricsLogOptions;
}

/** The stored answer if nothing has changed, else an old one extended by what is new, else one from the columns. */
const summarizeCached = async (query: MetricsQuery, log: CachedLog): Promise<MetricsSummary> => {
  const { segments, cache, open } = log;
  const report = log.options.onCacheFailure ?? (() => undefined);
  const stored = await readAnswer(cache, query);
  const isCurrent =
    stored?.segments.length === segments.length &&
    stored.segments.every((read, index) => isUntouched(segments[index], read));
  if (stored !== null && isCurrent) return stored.summary;
  const basis = await readBasis(cache, query);
  const extended = basis === null ? 'changed' : await extendAnswer(basis, query, segments, open);
  if (typeof extended !== 'string') {
    await writeAnswer(cache, query, extended).catch(report);
    return extended.summary;
  }
  // The next digest shall take in what was too much for this one, or every answer would need the columns.
  return using(await open(segments, extended === 'exhausted'), async (opened) => {
    const answer = await answerFromColumns(opened, query);
    await writeBasis(cache, query, answer).catch(report);
    await writeAnswer(cache, query, { segments: opened.segments, summary: answer.summary }).catch(report);
    await dropForeignCaches(cache, segments).catch(report);
    return answer.summary;
  });
};

async function* recordsOf(log: OpenLog, filter: MetricsFilter): AsyncGenerator<MetricRecord> {
  for (const counted of await countParts(log.parts)) {
    const query = { ...filter, metrics: [] };
    for (const { columns, leftOut } of await loadParts([counted], query)) {
      const rows = groupRows(columns, query, leftOut);
      for await (const { record } of readRecords(counted.part, rows)) yield record;
    }
  }
}
