import { type FileHandle, open } from 'node:fs/promises';
import type { DimensionColumn, RowGroups } from '../../core/metrics/columns.ts';
import { type MetricRecord, maxLineBytes, readMetricRecord } from '../../core/metrics/record.ts';
import type { StoredPart } from './log-part.ts';

const windowBytes = 1 << 20;

/** The records of the rows that are in a group, read from their lines, in row order. */
export async function* readRecords(
  part: StoredPart,
  { groupOf }: RowGroups,
): AsyncGenerator<{ readonly row: number; readonly record: MetricRecord }> {
  const offsets = await part.offsets();
  const handle = await open(part.path, 'r');
  try {
    const window = { bytes: Buffer.alloc(windowBytes + maxLineBytes + 1), start: 0, end: 0 };
    for (let row = 0; row < groupOf.length; row += 1) {
      if ((groupOf[row] ?? -1) < 0) continue;
      const reading = readMetricRecord(JSON.parse(await readLine(handle, window, offsets[row] ?? 0)));
      if (reading.ok) yield { row, record: reading.record };
    }
  } finally {
    await handle.close();
  }
}

interface Window {
  readonly bytes: Buffer;
  /** Offsets in the file. */
  start: number;
  end: number;
}

const readLine = async (handle: FileHandle, window: Window, offset: number): Promise<string> => {
  if (offset < window.start || offset + maxLineBytes + 1 > window.end) {
    const { bytesRead } = await handle.read(window.bytes, 0, window.bytes.length, offset);
    window.start = offset;
    // Past the end of the file nothing more can be read, so what is there counts as a full window.
    window.end = bytesRead < window.bytes.length ? Number.POSITIVE_INFINITY : offset + bytesRead;
    if (bytesRead < window.bytes.length) window.bytes[bytesRead] = 0x0a;
  }
  const from = offset - window.start;
  const to = window.bytes.indexOf(0x0a, from);
  return window.bytes.toString('utf8', from, to < 0 ? window.bytes.length : to);
};

/** Columns of fields that are not kept as columns: `id`, `unit` and `meta.KEY`, for the rows that are in a group. */
export const readFieldColumns = async (
  part: StoredPart,
  rows: RowGroups,
  fields: readonly string[],
): Promise<Map<string, DimensionColumn>> => {
  const columns = fields.map((field) => ({
    field,
    codes: new Uint32Array(rows.groupOf.length),
    numbers: new Map<string, number>(),
  }));
  for await (const { row, record } of readRecords(part, rows))
    for (const { field, codes, numbers } of columns) {
      const text = readField(record, field);
      if (text === null) continue;
      const code = numbers.get(text) ?? numbers.size + 1;
      numbers.set(text, code);
      codes[row] = code;
    }
  return new Map(
    columns.map(({ field, codes, numbers }) => [field, { codes, dictionary: [...numbers.keys()] }]),
  );
};

const readField = (record: MetricRecord, field: string): string | null => {
  if (field === 'id') return record.id ?? null;
  if (field === 'unit') return record.unit ?? null;
  const key = field.startsWith('meta.') ? field.slice('meta.'.length) : null;
  const value = key === null || !Object.hasOwn(record.meta ?? {}, key) ? null : record.meta?.[key];
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
