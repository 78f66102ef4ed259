import { promptvError } from '../../errors.ts';
import { dimensionFields, isDimensionField } from './names.ts';
import type { MetricsFilter, MetricsQuery } from './source.ts';
import { isTimeBucket, timeBuckets } from './time-buckets.ts';

/** A field that can be grouped and filtered by without a look at the records' lines: a dimension or a time bucket. */
export const isColumnField = (field: string): boolean => isDimensionField(field) || isTimeBucket(field);

const isLineField = (field: string): boolean => field === 'id' || field === 'unit' || /^meta\../.test(field);

/** Throws METRICS_FIELD_UNKNOWN for a field that no record can have, and for a filter by a time bucket. */
export const assertQueryFields = (query: MetricsQuery): void => {
  const wrong =
    query.by?.find((field) => !isColumnField(field) && !isLineField(field)) ??
    query.where?.find(({ field }) => !isDimensionField(field) && !isLineField(field))?.field;
  if (wrong === undefined) return;
  const known = [...dimensionFields, 'id', 'unit', 'meta.KEY', ...timeBuckets];
  throw promptvError('METRICS_FIELD_UNKNOWN', { field: wrong, known });
};

/** Throws METRICS_FIELD_UNKNOWN for a condition on anything but a dimension. */
export const assertDimensionFilter = (filter: MetricsFilter): void => {
  const wrong = filter.where?.find(({ field }) => !isDimensionField(field))?.field;
  if (wrong !== undefined)
    throw promptvError('METRICS_FIELD_UNKNOWN', { field: wrong, known: dimensionFields });
};
