import { parseCsv } from '../../core/metrics/csv.ts';
import { readGhModels, readPromptfoo } from '../../core/metrics/import/evaluations.ts';
import { type ImportedItem, isFields, pick } from '../../core/metrics/import/imported.ts';
import { readOtlpSpans } from '../../core/metrics/import/otlp.ts';
import { readCsvRecord, readPlainRecord } from '../../core/metrics/import/plain.ts';
import { parseStrictJson } from '../../core/metrics/strict-json.ts';
import { promptvError } from '../../errors.ts';
import { readImportLines, readImportText } from '../../store/metrics-log/import-source.ts';

export const importFormats = ['jsonl', 'csv', 'otlp', 'promptfoo', 'gh-models'] as const;
export type ImportFormat = (typeof importFormats)[number];

/** What may become a record, or what cannot and why. */
export type ImportEntry = ImportedItem | { readonly place: string; readonly reason: string };

type Bytes = AsyncIterable<Uint8Array>;

/** Reads a format piece by piece; `now` (ISO 8601) is the time of results that name none. @throws METRICS_IMPORT_INVALID */
export const readEntries = (format: ImportFormat, bytes: Bytes, now: string): AsyncIterable<ImportEntry> => {
  if (format === 'jsonl') return readJsonLines(bytes);
  if (format === 'csv') return readCsv(bytes);
  if (format === 'otlp') return readOtlp(bytes);
  return readWhole(bytes, format, now);
};

async function* readJsonLines(bytes: Bytes): AsyncGenerator<ImportEntry> {
  for await (const { line, text } of readImportLines(bytes)) {
    const place = `line ${line}`;
    if (text === null) yield { place, reason: 'too long, or not UTF-8' };
    else if (text.trim() !== '') yield parseLine(text, place);
  }
}

const parseLine = (text: string, place: string): ImportEntry => {
  const parsed = parseStrictJson(text);
  if (!parsed.ok) return { place, reason: parsed.reason };
  if (!isFields(parsed.value)) return { place, reason: 'not a JSON object' };
  if (Object.hasOwn(parsed.value, '__proto__')) return { place, reason: 'the key "__proto__"' };
  return { place, value: readPlainRecord(parsed.value) };
};

async function* readCsv(bytes: Bytes): AsyncGenerator<ImportEntry> {
  let header: string[] | undefined;
  let number = 0;
  for await (const row of parseCsv(readImportText(bytes))) {
    number += 1;
    if (header === undefined) {
      header = row.map((name) => name.replace(/^\uFEFF/, ''));
      continue;
    }
    const place = `row ${number}`;
    yield row.length > header.length
      ? { place, reason: `${row.length} cells under ${header.length} columns` }
      : { place, value: readCsvRecord(header, row) };
  }
}

/** One export, or one a line as the collector's file exporter writes. */
async function* readOtlp(bytes: Bytes): AsyncGenerator<ImportEntry> {
  const whole: string[] = [];
  for await (const { line, text } of readImportLines(bytes)) {
    const parsed = text === null || whole.length > 0 ? null : parseStrictJson(text);
    if (parsed?.ok && isFields(parsed.value)) yield* readOtlpSpans(parsed.value, `line ${line}`);
    else if (text === null) yield { place: `line ${line}`, reason: 'too long, or not UTF-8' };
    else if (text.trim() !== '' || whole.length > 0) whole.push(text);
  }
  if (whole.length > 0) yield* readOtlpSpans(parseWhole(whole.join('\n'), 'otlp', 'resourceSpans'), 'file');
}

async function* readWhole(
  bytes: Bytes,
  format: 'promptfoo' | 'gh-models',
  ts: string,
): AsyncGenerator<ImportEntry> {
  const pieces: string[] = [];
  for await (const piece of readImportText(bytes)) pieces.push(piece);
  const text = pieces.join('');
  if (format === 'promptfoo') yield* readPromptfoo(parseWhole(text, format, 'results'), { ts });
  else yield* readGhModels(parseWhole(text, format, 'testResults'), { ts });
}

const parseWhole = (text: string, format: ImportFormat, key: string): unknown => {
  const parsed = parseStrictJson(text.replace(/^\uFEFF/, ''));
  if (!parsed.ok) throw promptvError('METRICS_IMPORT_INVALID', { format, reason: parsed.reason });
  if (pick(parsed.value, key) !== undefined) return parsed.value;
  throw promptvError('METRICS_IMPORT_INVALID', { format, reason: `it has no "${key}"` });
};
