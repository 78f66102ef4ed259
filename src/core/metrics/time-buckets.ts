export const timeBuckets = ['hour', 'day', 'week', 'month'] as const;
export type TimeBucket = (typeof timeBuckets)[number];

export const isTimeBucket = (field: string): field is TimeBucket =>
  timeBuckets.some((bucket) => bucket === field);

const dayMs = 86_400_000;
/** Every change of an area's offset since 1972 falls on a whole quarter of an hour. */
const quarterMs = 900_000;

/**
 * Names the bucket of a moment (epoch milliseconds) in an area: `2026-03-01T14+01:00` (hour), `2026-03-01` (day),
 * `2026-W09` (ISO week), `2026-03` (month). Throws a RangeError for an unknown area.
 */
export const createBucketNamer = (bucket: TimeBucket, timeZone = 'UTC'): ((time: number) => string) => {
  const offsetAt = timeZone === 'UTC' ? () => 0 : createOffsetReader(timeZone);
  const names = new Map<number, string>();
  return (time) => {
    const quarter = Math.floor(time / quarterMs);
    const known = names.get(quarter);
    if (known !== undefined) return known;
    const offset = offsetAt(quarter * quarterMs);
    const name = nameBucket(bucket, quarter * quarterMs + offset, offset);
    names.set(quarter, name);
    return name;
  };
};

/** So often a bucket is met on the way, however short the clocks made it. */
const stepsMs: Readonly<Record<TimeBucket, number>> = {
  hour: dayMs / 48,
  day: dayMs / 4,
  week: dayMs,
  month: dayMs,
};

/** The names of all buckets from one moment to another, both included, in the order of time. */
export const listBuckets = (
  bucket: TimeBucket,
  { from, to }: { readonly from: number; readonly to: number },
  timeZone = 'UTC',
): string[] => {
  const nameOf = createBucketNamer(bucket, timeZone);
  const names = new Set<string>();
  for (let time = from; time < to; time += stepsMs[bucket]) names.add(nameOf(time));
  return [...names.add(nameOf(to))];
};

const createOffsetReader = (timeZone: string): ((time: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (time) => {
    const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute')) - time;
  };
};

const nameBucket = (bucket: TimeBucket, local: number, offset: number): string => {
  const iso = new Date(local).toISOString();
  if (bucket === 'hour') return iso.slice(0, 13) + formatOffset(offset);
  if (bucket === 'day') return iso.slice(0, 10);
  return bucket === 'month' ? iso.slice(0, 7) : nameWeek(local);
};

/** Told apart by its offset: the hour that is repeated when summer time ends is two. */
const formatOffset = (offset: number): string => {
  if (offset === 0) return 'Z';
  const minutes = Math.abs(offset) / 60_000;
  const two = (part: number): string => String(Math.floor(part)).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
};

/** The ISO 8601 week: it belongs to the year that has its Thursday. */
const nameWeek = (local: number): string => {
  const day = Math.floor(local / dayMs);
  const thursday = day - ((day + 3) % 7) + 3;
  const year = new Date(thursday * dayMs).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(year, 0, 1) / dayMs) / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
};
