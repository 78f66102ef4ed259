import { type ErrorKind, kind } from './kind.ts';

/** What is wrong with records of the metrics log, or with a question about them. */
export const metricsErrors = {
  METRICS_FIELD_UNKNOWN: kind(
    2,
    'Records of the metrics log have no field {field} to select or group by.',
    'Use one of: {known} (the last four only to group by).',
  ),
  METRICS_FIELD_TAKEN: kind(
    2,
    'The records are chosen by {field} already, so --where {field}=… cannot choose them too.',
    'Leave out --where {field}=…, or the argument that names the {field}.',
  ),
  METRICS_RECORD_INVALID: kind(
    2,
    'The record {number} cannot be stored: {reason}.',
    'Nothing of the batch was written; correct the record and send the batch again.',
  ),
  METRICS_RECORD_TOO_LARGE: kind(
    2,
    'The record {number} has {bytes} bytes as a line; a line may have {limit}.',
    'Leave out "input", "output" or parts of "meta".',
  ),
  METRICS_WRITER_INVALID: kind(
    2,
    'The name of the writer {writer} is not valid.',
    'Set "metrics.writer" to at most 64 letters, digits, "_" and "-".',
  ),
  METRICS_IMPORT_INVALID: kind(
    2,
    'The input is not {format}: {reason}.',
    'Check --format: jsonl, csv, otlp, promptfoo or gh-models; "promptv metrics import --help" tells them apart.',
  ),
  PERIOD_INVALID: kind(
    2,
    'The period {period} is not valid.',
    'Write a span until now (7d, 24h), a day (2026-03-01), or FROM..TO, each a time or a span ago: 14d..7d.',
  ),
  TIME_INVALID: kind(
    2,
    'The time {time} is not valid.',
    'Write a date (2026-03-01), a local time (2026-03-01T14:30), one with its offset (2026-03-01T14:30:00Z), or for --since and --until a span ago (7d).',
  ),
  TIME_ZONE_UNKNOWN: kind(
    2,
    'There is no time zone {timeZone}.',
    'Name an area, for example "Europe/Berlin", "America/New_York" or "UTC".',
  ),
  STATS_FUNCTION_UNKNOWN: kind(
    2,
    'There is no statistic named {fn}.{suggestion}',
    'List them with "promptv stats --help".',
  ),
  STATS_INPUT_INVALID: kind(
    2,
    'The input of {fn} is not valid: {problems}.',
    'Correct it; "promptv stats --help" shows an example.',
  ),
} satisfies Record<string, ErrorKind>;
