import type { FileHandle } from 'node:fs/promises';
import { maxLineBytes } from '../../core/metrics/record.ts';
import { hashBlock } from './block-hash.ts';
import type { LineScanner } from './line-scanner.ts';

/** Segments are read and hashed in blocks of this many bytes. */
const blockBytes = 1 << 20;
/** Room before a block for the line that began in the block before it. */
const headBytes = maxLineBytes + 2;
/** Room behind a block, so that comparing bytes never leaves the buffer. */
const padBytes = 512;
const newline = 0x0a;

export interface BlockBuffer {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** A buffer that a scan reads into; it takes two in turn, and one scan at a time may use them. */
export const createBlockBuffer = (): BlockBuffer => {
  const bytes = Buffer.from(new ArrayBuffer(headBytes + blockBytes + padBytes));
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
};

interface SegmentRange {
  readonly handle: FileHandle;
  readonly from: number;
  readonly to: number;
}

interface Scan {
  readonly scanner: LineScanner;
  /** Bytes before the block that belong to its first line. */
  carried: number;
  /** Offset of a line that is longer than a record may be and has not ended yet. */
  longLineAt: number | null;
  covered: number;
}

/** How far whole lines reach, and a hash of each block of the range. */
interface ScannedRange {
  readonly covered: number;
  readonly blocks: readonly string[];
}

/**
 * Feeds the whole lines of a range, which begins where a line begins, to the scanner, while the next block is
 * read. Null when the file has become shorter meanwhile.
 */
export const scanRange = async (
  scanner: LineScanner,
  { handle, from, to }: SegmentRange,
  buffers: readonly [BlockBuffer, BlockBuffer],
): Promise<ScannedRange | null> => {
  const scan: Scan = { scanner, carried: 0, longLineAt: null, covered: from };
  const blocks: string[] = [];
  let [current, next] = buffers;
  let reading = readBlock(handle, current, from, to);
  for (let at = from; at < to; at += blockBytes) {
    const length = Math.min(blockBytes, to - at);
    if ((await reading) < length) return null;
    if (at + blockBytes < to) reading = readBlock(handle, next, at + blockBytes, to);
    blocks.push(hashBlock(current.view, headBytes, length));
    scanBlock(scan, current, at, length);
    const carriedTo = headBytes + length;
    if (scan.carried > 0)
      current.bytes.copy(next.bytes, headBytes - scan.carried, carriedTo - scan.carried, carriedTo);
    [current, next] = [next, current];
  }
  return { covered: scan.covered, blocks };
};

const readBlock = async (
  handle: FileHandle,
  buffer: BlockBuffer,
  at: number,
  end: number,
): Promise<number> => {
  const length = Math.min(blockBytes, end - at);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer.bytes, headBytes + done, length - done, at + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
};

const scanBlock = (scan: Scan, { bytes, view }: BlockBuffer, at: number, length: number): void => {
  const end = headBytes + length;
  let from = headBytes - scan.carried;
  if (scan.longLineAt !== null) {
    const stop = bytes.subarray(0, end).indexOf(newline, headBytes);
    if (stop < 0) return;
    scan.scanner.refuseLongLine(scan.longLineAt);
    scan.longLineAt = null;
    from = stop + 1;
    scan.covered = at + from - headBytes;
  }
  const last = bytes.subarray(from, end).lastIndexOf(newline);
  if (last >= 0) {
    scan.scanner.scan(bytes, view, { from, to: from + last + 1, offset: at - headBytes });
    scan.covered = at - headBytes + from + last + 1;
  }
  scan.carried = end - (from + last + 1);
  if (scan.carried <= maxLineBytes + 1) return;
  scan.longLineAt = scan.covered;
  scan.carried = 0;
};

/** The hashes of the blocks of a range that begins at a block; null when the file is shorter. */
export const hashRange = async ({ handle, from, to }: SegmentRange): Promise<string[] | null> => {
  const blocks: string[] = [];
  let [current, next] = [createBlockBuffer(), createBlockBuffer()];
  let reading = readBlock(handle, current, from, to);
  for (let at = from; at < to; at += blockBytes) {
    const length = Math.min(blockBytes, to - at);
    if ((await reading) < length) return null;
    if (at + blockBytes < to) reading = readBlock(handle, next, at + blockBytes, to);
    blocks.push(hashBlock(current.view, headBytes, length));
    [current, next] = [next, current];
  }
  return blocks;
};
