import { createHash } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ReadSegment } from './answers.ts';
import { type LoadedSegment, type LoadOptions, loadSegment } from './load-segment.ts';
import type { StoredPart } from './log-part.ts';
import { createBlockBuffer } from './segment-bytes.ts';
import { writeSegmentCache } from './segment-cache.ts';
import { listSegments, readSegment, type Segment } from './segments.ts';

/** Where a log is: a directory of segments, or one file of records. */
export type LogLocation = { readonly directory: string } | { readonly file: string };

export interface MetricsLogOptions {
  /** The folder for derived files; null does without. It may be deleted at any time. */
  readonly cacheDirectory: string | null;
  /** Epoch milliseconds now; default: the clock. */
  readonly now?: () => number;
  /** Told when the cache could not be written; the answer is right all the same. */
  readonly onCacheFailure?: (cause: unknown) => void;
}

/** Some segments of a log as they were at one moment, in their order. */
export interface OpenLog {
  readonly parts: readonly StoredPart[];
  readonly segments: readonly ReadSegment[];
  /** Resolves when nothing of the log is open and its cache is written. */
  readonly close: () => Promise<void>;
}

/** How many cache files may be on their way to the disk while the next segment is read. */
const maxWriting = 2;

/** The log's segments as they are now; none when there is no such directory or file. */
export const findSegments = async (location: LogLocation): Promise<Segment[]> => {
  if ('directory' in location) return listSegments(resolve(location.directory));
  const path = resolve(location.file);
  const segment = await readSegment(basename(path), path);
  return segment === null ? [] : [segment];
};

/** The folder of a log's own derived files; null when there is to be no cache. */
export const cacheFolder = (location: LogLocation, options: MetricsLogOptions): string | null => {
  if (options.cacheDirectory === null) return null;
  const path = resolve('directory' in location ? location.directory : location.file);
  const name = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return join(options.cacheDirectory, 'metrics', name);
};

/** Loads segments, each from its cache as far as that holds, and leaves caches behind for those that had to be read. */
export const openLog = async (
  segments: readonly Segment[],
  cache: string | null,
  options: MetricsLogOptions & Pick<LoadOptions, 'keepsWhole' | 'tails'>,
): Promise<OpenLog> => {
  const buffers = [createBlockBuffer(), createBlockBuffer()] as const;
  const writing: Promise<void>[] = [];
  const report = options.onCacheFailure ?? (() => undefined);
  const loaded: (LoadedSegment & { readonly name: string })[] = [];
  const closeParts = async (): Promise<void> => {
    await Promise.all(loaded.flatMap(({ parts }) => parts.map((part) => part.close())));
  };
  try {
    for (const segment of segments) {
      const found = await loadSegment(segment, {
        cachePath: cache === null ? null : join(cache, `${segment.name}.cache`),
        buffers,
        keep: (path, known, table) => writing.push(writeSegmentCache(path, known, table).catch(report)),
        keepsWhole: options.keepsWhole,
        tails: options.tails,
        now: options.now ?? Date.now,
      });
      if (found !== null) loaded.push({ ...found, name: segment.name });
      await writing[writing.length - 1 - maxWriting];
    }
    return {
      parts: loaded.flatMap((segment) => segment.parts),
      segments: loaded.map(({ name, state, readAt }) => ({ name, state, readAt })),
      close: async () => {
        await closeParts();
        await Promise.all(writing);
      },
    };
  } catch (cause) {
    await closeParts();
    await Promise.all(writing);
    throw cause;
  }
};

/** Removes the caches of segments that have gone. */
export const dropForeignCaches = async (cache: string, segments: readonly Segment[]): Promise<void> => {
  const kept = new Set(segments.map(({ name }) => `${name}.cache`));
  const names = (await readdir(cache)).filter((name) => name.endsWith('.cache') && !kept.has(name));
  await Promise.all(names.map((name) => unlink(join(cache, name))));
};
