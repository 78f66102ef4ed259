import { stat } from 'node:fs/promises';
import { promptvError } from '../errors.ts';
import { readTextFile } from './read-file.ts';

/** A JavaScript string holds little more. */
const maxBytes = 256 * 2 ** 20;

/** The text of a bundle. @throws FILE_NOT_FOUND, FILE_ACCESS, BUNDLE_INVALID when it is too large */
export const readBundleText = async (path: string): Promise<string> => {
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (bytes <= maxBytes) return readTextFile(path);
  const reason = `it has ${bytes} bytes, more than ${maxBytes}`;
  throw promptvError('BUNDLE_INVALID', { path, reason, problems: [reason] });
};
