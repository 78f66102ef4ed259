import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promptvError } from '../../errors.ts';

type Chunks = AsyncIterable<string | Uint8Array>;

/** The bytes of a file or stream; `size` is null where it is not known. */
export interface ImportSource {
  readonly size: number | null;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Opens what is to be imported; `onBytes` is told how much was read. @throws FILE_NOT_FOUND */
export const openImport = async (
  source: string | Chunks,
  onBytes: (count: number) => void,
): Promise<ImportSource> => {
  if (typeof source !== 'string') return { size: null, bytes: count(source, onBytes) };
  const found = await stat(source).catch(() => null);
  if (found === null || found.isDirectory()) throw promptvError('FILE_NOT_FOUND', { path: source });
  return { size: found.size, bytes: count(createReadStream(source), onBytes) };
};

async function* count(chunks: Chunks, onBytes: (count: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk);
    onBytes(bytes.length);
    yield bytes;
  }
}

/** A line with its number, from 1; `text` is null for one that is too long or not UTF-8. */
interface ImportLine {
  readonly line: number;
  readonly text: string | null;
}

const maxImportLine = 1 << 24;

/** Splits bytes into lines, without keeping more of one than may be read. */
export async function* readImportLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ImportLine> {
  let line = 1;
  let rest: Uint8Array[] = [];
  let length = 0;
  const take = (): ImportLine => {
    const text = length > maxImportLine ? null : decode(Buffer.concat(rest));
    rest = [];
    length = 0;
    return { line: line++, text };
  };
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      rest.push(chunk.subarray(from, end));
      length += end - from;
      from = end + 1;
      yield take();
    }
    length += chunk.length - from;
    if (length <= maxImportLine) rest.push(chunk.subarray(from));
    else rest = [];
  }
  if (length > 0) yield take();
}

const decode = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** The texts of the bytes, piece by piece; what is not UTF-8 becomes U+FFFD. */
export async function* readImportText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
}
