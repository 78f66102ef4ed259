import { resolve } from 'node:path';
import { promptvError } from '../errors.ts';
import type { Context } from './context.ts';

/** The text of a file named on the command line; of stdin for `-` and without a name. @throws FILE_NOT_TEXT, as `readTextFile` */
export const readInput = async (context: Context, file: string | undefined): Promise<string> => {
  if (file === undefined || file === '-') return decode(await collect(context.stdin));
  const { readTextFile } = await import('../store/read-file.ts');
  return readTextFile(resolve(context.cwd, file));
};

const collect = async (chunks: Context['stdin']): Promise<Uint8Array> => {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return Buffer.concat(all);
};

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw promptvError('FILE_NOT_TEXT', { path: 'Standard input' }, cause);
  }
};
