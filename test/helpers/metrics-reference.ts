/** The plain way to sum up a metrics log, to hold the fast one against: no columns, no caches, rational arithmetic. */
import type {
  GroupSummary,
  MetricFigures,
  MetricsFilter,
  MetricsQuery,
} from '../../src/core/metrics/source.ts';

interface Rational {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** The exact value of a double, by doubling until it is whole. */
const rationalOf = (value: number): Rational => {
  let bottom = 1n;
  let whole = value;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    bottom *= 2n;
  }
  return { top: BigInt(whole), bottom };
};

/** Both denominators are powers of two, so the larger serves for both. */
const add = (a: Rational, b: Rational): Rational => {
  const bottom = a.bottom > b.bottom ? a.bottom : b.bottom;
  return { top: a.top * (bottom / a.bottom) + b.top * (bottom / b.bottom), bottom };
};

const times = (a: Rational, b: Rational): Rational => ({ top: a.top * b.top, bottom: a.bottom * b.bottom });

/** The nearest double, the even one of two, found by comparing a first guess with its neighbours. */
const nearestDouble = ({ top, bottom }: Rational): number => {
  if (top === 0n) return 0;
  const lift = Math.max(0, bottom.toString(2).length - top.toString(2).length + 70);
  const guess =
    Number((top * 2n ** BigInt(lift)) / bottom) / 2 ** Math.min(lift, 1000) / 2 ** Math.max(0, lift - 1000);
  const steps = new Float64Array([guess]);
  const bits = new BigInt64Array(steps.buffer);
  const candidates = [-2n, -1n, 0n, 1n, 2n].map((step) => {
    const near = new BigInt64Array([(bits[0] ?? 0n) + step]);
    return new Float64Array(near.buffer)[0] ?? 0;
  });
  const distance = (value: number): Rational => {
    const exact = rationalOf(value);
    const gap = exact.top * bottom - top * exact.bottom;
    return { top: gap < 0n ? -gap : gap, bottom: exact.bottom * bottom };
  };
  const isEven = (value: number): boolean =>
    (new BigInt64Array(new Float64Array([value]).buffer)[0] ?? 0n) % 2n === 0n;
  return candidates.filter(Number.isFinite).reduce((best, value) => {
    const a = distance(value);
    const b = distance(best);
    const [mine, other] = [a.top * b.bottom, b.top * a.bottom];
    return mine < other || (mine === other && isEven(value)) ? value : best;
  });
};

/** Sum, mean and sum of squared deviations, each the double nearest to the exact figure. */
export const referenceMoments = (values: readonly number[]): { sum: number; mean: number; m2: number } => {
  const exact = values.map(rationalOf);
  const zero = { top: 0n, bottom: 1n };
  const sum = exact.reduce(add, zero);
  const n = BigInt(values.length);
  const squares = exact.map((value) => times(value, value)).reduce(add, zero);
  const square = times(sum, sum);
  const deviations = add(
    { top: n * squares.top, bottom: squares.bottom },
    { top: -square.top, bottom: square.bottom },
  );
  const mean = { top: sum.top, bottom: n * sum.bottom };
  const m2 = { top: deviations.top, bottom: n * deviations.bottom };
  return { sum: nearestDouble(sum), mean: nearestDouble(mean), m2: nearestDouble(m2) };
};

/** Type-7 quantiles of a sorted copy. */
export const referenceQuantile = (values: readonly number[], p: number): number | null => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * p;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.min(sorted.length - 1, Math.floor(at) + 1)];
  if (low === undefined || high === undefined) return null;
  return at === Math.floor(at) || low === high ? low : low + (at - Math.floor(at)) * (high - low);
};

/** A record as the test knows it to be in the log, whatever its line looks like. */
export interface KnownRecord {
  readonly time: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A segment's lines in order; null stands for a line that is no record. */
export interface KnownSegment {
  readonly name: string;
  readonly lines: readonly (KnownRecord | null)[];
}

const keyOf = (record: KnownRecord, by: readonly string[]): (string | null)[] =>
  by.map((field) =>
    field === 'day' ? new Date(record.time).toISOString().slice(0, 10) : (record.fields[field] ?? null),
  );

const matches = (record: KnownRecord, { since, until, where, prompts }: MetricsFilter): boolean => {
  if (since !== undefined && record.time < since) return false;
  if (until !== undefined && record.time >= until) return false;
  if (prompts !== undefined && !prompts.includes(record.fields.prompt ?? '')) return false;
  const fields = new Set((where ?? []).map(({ field }) => field));
  return [...fields].every((field) =>
    (where ?? []).some((one) => one.field === field && one.value === (record.fields[field] ?? null)),
  );
};

/** Records in the order of the log, without those whose day has their id already. */
const countedRecords = (segments: readonly KnownSegment[]): KnownRecord[] => {
  const seen = new Set<string>();
  const records = segments
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ lines }) => lines.filter((line) => line !== null));
  return records.filter(({ time, fields }) => {
    if (fields.id === undefined || fields.id === '') return true;
    const key = JSON.stringify([Math.floor(time / 86_400_000), fields.id]);
    return !seen.has(key) && seen.add(key);
  });
};

const referenceFigures = (
  group: readonly KnownRecord[],
  metric: string,
  percentiles: readonly number[],
): MetricFigures => {
  const values = group.flatMap(({ metrics }) =>
    Object.hasOwn(metrics, metric) ? [metrics[metric] ?? 0] : [],
  );
  const count = values.length;
  const moments = count === 0 ? { sum: null, mean: null, m2: null } : referenceMoments(values);
  return {
    count,
    missing: group.length - count,
    ...moments,
    sd: count < 2 || moments.m2 === null ? null : Math.sqrt(moments.m2 / (count - 1)),
    min: count === 0 ? null : values.reduce((a, b) => Math.min(a, b)),
    max: count === 0 ? null : values.reduce((a, b) => Math.max(a, b)),
    quantiles: percentiles.map((p) => referenceQuantile(values, p)),
    reason: count < 2 ? 'insufficient-data' : null,
  };
};

/** What `summarize` has to answer, but for the places of problems. */
export const referenceSummary = (
  segments: readonly KnownSegment[],
  query: MetricsQuery,
): { groups: GroupSummary[]; records: number; duplicates: number; skipped: number } => {
  const counted = countedRecords(segments);
  const matching = counted.filter((record) => matches(record, query));
  const by = query.by ?? [];
  const groups = new Map<string, KnownRecord[]>();
  for (const record of matching) {
    const key = JSON.stringify(keyOf(record, by));
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  const metrics = query.metrics ?? [...new Set(matching.flatMap(({ metrics }) => Object.keys(metrics)))];
  const lines = segments.flatMap((segment) => segment.lines);
  const valid = lines.filter((line) => line !== null).length;
  return {
    records: counted.length,
    duplicates: valid - counted.length,
    skipped: lines.length - valid,
    groups: [...groups.entries()]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, group]) => {
        const values: (string | null)[] = JSON.parse(key);
        return {
          key: Object.fromEntries(by.map((field, index) => [field, values[index] ?? null])),
          records: group.length,
          errors: group.filter(({ fields }) => fields.status === 'error').length,
          withoutStatus: group.filter(({ fields }) => fields.status === undefined).length,
          firstTs: Math.min(...group.map(({ time }) => time)),
          lastTs: Math.max(...group.map(({ time }) => time)),
          metrics: Object.fromEntries(
            metrics
              .toSorted()
              .map((metric) => [metric, referenceFigures(group, metric, query.percentiles ?? [])]),
          ),
        };
      }),
  };
};
