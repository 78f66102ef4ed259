import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promptvError } from '../errors.ts';

/** Appends one line to a file that may not be there yet, in one write. @throws FILE_ACCESS */
export const appendLine = async (path: string, line: string): Promise<void> => {
  try {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `${line}\n`);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? cause.code : String(cause);
    throw promptvError('FILE_ACCESS', { path, action: 'appended to', reason }, cause);
  }
};
