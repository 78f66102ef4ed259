import { addCoverages } from '../../core/metrics/coverage.ts';
import { addToDigest, describeDigest } from '../../core/metrics/digest.ts';
import type { MetricsQuery, MetricsSummary } from '../../core/metrics/source.ts';
import { type CountedPart, countParts, describeParts, hashCopies, loadParts } from './answer-query.ts';
import type { AnswerBasis, DigestedSegment, ReadSegment, StoredAnswer } from './answers.ts';
import type { OpenLog } from './open-log.ts';
import { isAsRead, type Segment } from './segments.ts';

type OpenSegments = (segments: readonly Segment[]) => Promise<OpenLog>;

/** True when the file is as it was read, so that it need not be opened. */
export const isUntouched = (segment: Segment | undefined, read: ReadSegment): boolean =>
  segment?.name === read.name && isAsRead(read, segment.state);

/** Why what was kept for a query does not answer it: other bytes are kept now, or too much has come since. */
type Lack = 'changed' | 'exhausted';

/**
 * Answers from what was kept for the query and from what has come since: only segments that changed are opened, and
 * those with a day in common with them. Where that is not enough, the columns have to be read.
 */
export const extendAnswer = async (
  basis: AnswerBasis,
  query: MetricsQuery,
  segments: readonly Segment[],
  open: OpenSegments,
): Promise<StoredAnswer | Lack> => {
  const known = new Map(basis.segments.map((segment) => [segment.name, segment]));
  const present = new Set(segments.map(({ name }) => name));
  if (basis.segments.some(({ name }) => !present.has(name))) return 'changed';
  const isUnchanged = (segment: Segment): boolean => {
    const before = known.get(segment.name);
    return before !== undefined && before.covered === before.state.size && isUntouched(segment, before);
  };
  const changed = segments.filter((segment) => !isUnchanged(segment));
  const opened: OpenLog[] = [];
  try {
    opened.push(await open(changed));
    const related = findRelated(segments.filter(isUnchanged), known, opened);
    opened.push(await open(related));
    const summary = await addChanges(basis, query, { known, opened, segments: segments.length });
    const read = new Map(opened.flatMap((log) => log.segments).map((segment) => [segment.name, segment]));
    const current = segments.flatMap(({ name }) => read.get(name) ?? known.get(name) ?? []);
    return typeof summary === 'string' ? summary : { summary, segments: current };
  } finally {
    await Promise.all(opened.map((log) => log.close()));
  }
};

/** Unchanged segments that share a day with an opened one, directly or through others. */
const findRelated = (
  unchanged: readonly Segment[],
  known: ReadonlyMap<string, DigestedSegment>,
  opened: readonly OpenLog[],
): Segment[] => {
  const days = new Set(opened.flatMap(({ parts }) => parts.flatMap((part) => part.days)));
  let related: Segment[] = [];
  for (;;) {
    const found = unchanged.filter(({ name }) => known.get(name)?.days.some((day) => days.has(day)));
    if (found.length === related.length) return found;
    related = found;
    for (const { name } of found) for (const day of known.get(name)?.days ?? []) days.add(day);
  }
};

const addChanges = async (
  basis: AnswerBasis,
  query: MetricsQuery,
  log: { known: ReadonlyMap<string, DigestedSegment>; opened: readonly OpenLog[]; segments: number },
): Promise<MetricsSummary | Lack> => {
  const parts = log.opened.flatMap((opened) => opened.parts);
  // The sort is stable: what follows a cached part in its segment stays behind it.
  const ordered = parts.toSorted((a, b) => (a.segment < b.segment ? -1 : a.segment > b.segment ? 1 : 0));
  const counted = await countParts(ordered);
  const isDigested = ({ part }: CountedPart): boolean => part.kept !== null && log.known.has(part.segment);
  const isAsDigested = ({ part, copies }: CountedPart): boolean => {
    const before = log.known.get(part.segment);
    return before?.fingerprint === part.kept?.fingerprint && before?.copies === hashCopies(copies);
  };
  const digested = counted.filter(isDigested);
  const segmentsOpened = new Set(ordered.map(({ segment }) => segment));
  const expected = [...log.known.keys()].filter((name) => segmentsOpened.has(name)).length;
  if (digested.length !== expected || !digested.every(isAsDigested)) return 'changed';
  const added = counted.filter((part) => !isDigested(part));
  const groups = describeDigest(addToDigest(basis.digest, await loadParts(added, query), query), query);
  if (groups === null) return 'exhausted';
  return { groups, coverage: addCoverages(log.segments, [basis.coverage, describeParts(0, added)]) };
};
