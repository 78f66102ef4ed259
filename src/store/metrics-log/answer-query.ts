import { createHash } from 'node:crypto';
import type { RecordColumns } from '../../core/metrics/columns.ts';
import { addCoverages } from '../../core/metrics/coverage.ts';
import { addToDigest, describeDigest, digestParts, type GroupDigest } from '../../core/metrics/digest.ts';
import type { LogPart } from '../../core/metrics/gather.ts';
import { groupRows } from '../../core/metrics/group-rows.ts';
import { isColumnField } from '../../core/metrics/query-fields.ts';
import type { LogCoverage, MetricsQuery, MetricsSummary } from '../../core/metrics/source.ts';
import type { DigestedSegment } from './answers.ts';
import { findCopies } from './copies.ts';
import type { StoredPart } from './log-part.ts';
import type { OpenLog } from './open-log.ts';
import { readFieldColumns } from './part-lines.ts';

/** A part and the rows of it that are copies of a record in a part before. */
export interface CountedPart {
  readonly part: StoredPart;
  readonly copies: ReadonlySet<number>;
}

/** Parts with their copies; every part that shares a day with one of them has to be among them. */
export const countParts = async (parts: readonly StoredPart[]): Promise<CountedPart[]> => {
  const copies = await findCopies(parts);
  return parts.map((part, index) => ({ part, copies: copies[index] ?? new Set() }));
};

/** What no other set of rows of a part has. */
export const hashCopies = (copies: ReadonlySet<number>): string =>
  createHash('sha256').update(Uint32Array.from(copies).sort()).digest('hex');

export const describeParts = (segments: number, counted: readonly CountedPart[]): LogCoverage =>
  addCoverages(
    segments,
    counted.map(({ part, copies }) => ({
      segments: 0,
      records: part.rows - copies.size,
      duplicates: part.counts.duplicates + copies.size,
      skipped: part.counts.skipped,
      problems: part.counts.problems,
    })),
  );

/** The columns of parts that a query needs. */
export const loadParts = async (counted: readonly CountedPart[], query: MetricsQuery): Promise<LogPart[]> => {
  const parts: LogPart[] = [];
  for (const { part, copies } of counted)
    parts.push({ columns: await loadColumns(part, copies, query), leftOut: copies });
  return parts;
};

/** Fields that are not kept as columns are read from the lines, for the rows that may match. */
const loadColumns = async (
  part: StoredPart,
  leftOut: ReadonlySet<number>,
  query: MetricsQuery,
): Promise<RecordColumns> => {
  const conditions = query.where ?? [];
  const named = [...(query.by ?? []), ...conditions.map(({ field }) => field)];
  const fields = [...new Set(['prompt', 'status', ...named])];
  const columns = await part.columns(fields, query.metrics ?? null);
  const others = fields.filter((field) => !isColumnField(field));
  if (others.length === 0) return columns;
  const cheap = { ...query, by: [], where: conditions.filter(({ field }) => isColumnField(field)) };
  const read = await readFieldColumns(part, groupRows(columns, cheap, leftOut), others);
  return { ...columns, dimensions: new Map([...columns.dimensions, ...read]) };
};

/** An answer from all parts of a log, and the digest of those that caches keep. */
interface FullAnswer {
  readonly summary: MetricsSummary;
  readonly digest: readonly GroupDigest[];
  readonly coverage: LogCoverage;
  readonly segments: readonly DigestedSegment[];
}

/** Answers from the columns of the whole log. */
export const answerFromColumns = async (log: OpenLog, query: MetricsQuery): Promise<FullAnswer> => {
  const counted = await countParts(log.parts);
  const kept = counted.filter(({ part }) => part.kept !== null);
  const rest = counted.filter(({ part }) => part.kept === null);
  const keptParts = await loadParts(kept, query);
  const restParts = await loadParts(rest, query);
  const digest = digestParts(keptParts, query);
  const all = restParts.length === 0 ? digest : addToDigest(digest, restParts, query);
  const groups =
    describeDigest(all, query) ?? describeDigest(digestParts([...keptParts, ...restParts], query), query);
  return {
    summary: { groups: groups ?? [], coverage: describeParts(log.segments.length, counted) },
    digest,
    coverage: describeParts(log.segments.length, kept),
    segments: log.segments.flatMap((segment) => describeKept(segment, kept)),
  };
};

const describeKept = (
  segment: OpenLog['segments'][number],
  kept: readonly CountedPart[],
): DigestedSegment[] =>
  kept.flatMap(({ part, copies }) =>
    part.segment === segment.name && part.kept !== null
      ? [{ ...segment, ...part.kept, days: part.days, copies: hashCopies(copies) }]
      : [],
  );
