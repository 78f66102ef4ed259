import { parse } from 'yaml';
import { promptvError } from '../errors.ts';
import { readTextFile } from './read-file.ts';

/**
 * Reads a YAML or JSON mapping of variables.
 * @throws VARIABLES_FILE_INVALID, as `readTextFile`
 */
export const readVariablesFile = async (path: string): Promise<Record<string, unknown>> => {
  const data = parseMapping(path, await readTextFile(path));
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw promptvError('VARIABLES_FILE_INVALID', { path, reason: 'it is not a mapping of names to values' });
  return { ...data };
};

const parseMapping = (path: string, text: string): unknown => {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw promptvError('VARIABLES_FILE_INVALID', { path, reason }, error);
  }
};
