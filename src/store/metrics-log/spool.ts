import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A stream in a file, for what has to be read in place. */
interface SpooledFile {
  readonly path: string;
  readonly remove: () => Promise<void>;
}

/** Writes a stream into a temporary file named `stdin`, which only this user can read. */
export const spoolToFile = async (chunks: AsyncIterable<string | Uint8Array>): Promise<SpooledFile> => {
  const folder = await mkdtemp(join(tmpdir(), 'promptv-'));
  const path = join(folder, 'stdin');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const handle = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of chunks) await handle.writeFile(Buffer.from(chunk));
    } finally {
      await handle.close();
    }
    return { path, remove };
  } catch (cause) {
    await remove();
    throw cause;
  }
};
