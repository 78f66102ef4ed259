import { type FileHandle, open } from 'node:fs/promises';
import { maxLineBytes } from '../../core/metrics/record.ts';
import type { Segment } from './segments.ts';

const blockBytes = 1 << 18;

/** The lines of a segment from its last to its first, read block by block from its end; over-long ones are left out. */
export async function* readLinesBackwards({ path, state }: Segment): AsyncGenerator<string> {
  const handle = await open(path, 'r');
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (let end = state.size; end > 0; ) {
      const start = Math.max(0, end - blockBytes);
      const bytes = Buffer.concat([await readRange(handle, start, end), rest]);
      const first = start === 0 ? 0 : bytes.indexOf(0x0a) + 1;
      end = start;
      // A block without a line end is the middle of a line that may not be so long.
      rest = first === 0 && start > 0 ? bytes.subarray(0, maxLineBytes + 1) : bytes.subarray(0, first);
      const whole = first === 0 && start > 0 ? [] : bytes.subarray(first).toString('utf8').split('\n');
      for (const line of whole.reverse()) if (line.trim() !== '' && line.length <= maxLineBytes) yield line;
    }
  } finally {
    await handle.close();
  }
}

const readRange = async (handle: FileHandle, start: number, end: number): Promise<Buffer> => {
  const bytes = Buffer.alloc(end - start);
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
  return bytes.subarray(0, bytesRead);
};

/** How far each segment has been read; a new one begins at its start. */
export type ReadPositions = Map<string, number>;

/** The lines that were completed since, and the positions moved behind them. A truncated segment begins anew. */
export const readNewLines = async (
  segments: readonly Segment[],
  positions: ReadPositions,
): Promise<{ readonly segment: string; readonly line: string }[]> => {
  const lines: { segment: string; line: string }[] = [];
  for (const { name, path, state } of segments) {
    const known = positions.get(path) ?? 0;
    const from = known > state.size ? 0 : known;
    if (from === state.size) continue;
    const handle = await open(path, 'r');
    try {
      const bytes = await readRange(handle, from, state.size);
      const end = bytes.lastIndexOf(0x0a) + 1;
      positions.set(path, from + end);
      const texts = bytes.subarray(0, end).toString('utf8').split('\n');
      for (const line of texts) if (line.trim() !== '') lines.push({ segment: name, line });
    } finally {
      await handle.close();
    }
  }
  return lines;
};
