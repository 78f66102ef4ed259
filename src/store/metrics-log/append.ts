import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { DayBatch } from '../../core/metrics/batch.ts';
import { promptvError } from '../../errors.ts';
import { nameSegment, reasonOf } from './segments.ts';

interface AppendOptions {
  readonly directory: string;
  /** Gives the writer segments of its own. */
  readonly writer?: string;
  /** True waits until the records would survive a power cut. */
  readonly fsync?: boolean;
}

const writerName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/**
 * Appends the batches, each in one write to its day's segment; when it resolves they are in the log. Throws
 * METRICS_WRITER_INVALID, or FILE_ACCESS with what is known not to be in the log.
 */
export const appendBatches = async (batches: readonly DayBatch[], options: AppendOptions): Promise<void> => {
  const { directory, writer } = options;
  if (writer !== undefined && !writerName.test(writer))
    throw promptvError('METRICS_WRITER_INVALID', { writer });
  for (const { day, text } of batches) {
    const path = join(directory, nameSegment(day, writer));
    try {
      await mkdir(directory, { recursive: true });
      await appendText(path, text, options.fsync ?? false);
    } catch (cause) {
      throw promptvError('FILE_ACCESS', { path, action: 'appended to', reason: reasonOf(cause), day }, cause);
    }
  }
};

const appendText = async (path: string, text: string, isDurable: boolean): Promise<void> => {
  // 'a' is O_APPEND: the system puts every write at the end of the file as it is then, whoever else writes.
  const handle = await open(path, 'a');
  try {
    await writeOnce(handle, Buffer.from(text));
    if (isDurable) await handle.sync();
  } finally {
    await handle.close();
  }
  if (isDurable) await syncFolder(join(path, '..'));
};

/** A second write would come after what others have appended, so a short one is a failure. */
const writeOnce = async (handle: FileHandle, bytes: Buffer): Promise<void> => {
  const { bytesWritten } = await handle.write(bytes, 0, bytes.length);
  if (bytesWritten < bytes.length)
    throw new Error(`the disk took ${bytesWritten} of ${bytes.length} bytes, so the batch is incomplete`);
};

/** The name of a new file is safe when its folder is. */
const syncFolder = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};
