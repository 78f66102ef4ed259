import { resolve } from 'node:path';
import { readTextIfThere } from '../store/read-file.ts';
import type { Workspace } from './workspace.ts';

/** Where a secret stands: in an environment variable, or in a file; both null for none. */
export interface SecretPlace {
  readonly variable: string | null;
  readonly file: string | null;
}

/** A secret, or what keeps it from being one; null where none is wanted. Neither says what was read. */
export type ReadSecret = { readonly secret: string | null } | { readonly problem: string };

/** Reads a secret of one line. What could not stand in a header would be shown by the error that says so. */
export const readSecret = async (
  { env, root }: Workspace,
  { variable, file }: SecretPlace,
): Promise<ReadSecret> => {
  if (variable === null && file === null) return { secret: null };
  const place = variable === null ? `the file ${file}` : `the environment variable ${variable}`;
  const text = variable === null ? await readTextIfThere(resolve(root, file ?? '')) : env[variable];
  const secret = text?.trim() ?? '';
  if (secret === '') return { problem: `there is nothing in ${place}` };
  return /^[\x21-\x7e]+$/.test(secret)
    ? { secret }
    : { problem: `${place} holds characters that no token has` };
};
