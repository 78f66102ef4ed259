import { isPromptvError, type PromptvError, promptvError } from '../errors.ts';

/** The coded error for what the file system said about reading a path. */
export const accessError = (path: string, error: unknown): PromptvError => {
  if (isPromptvError(error)) return error;
  const code = systemCodeOf(error);
  if (code === 'EISDIR') return promptvError('FILE_IS_FOLDER', { path }, error);
  // A folder of the path is a file.
  if (code === 'ENOENT' || code === 'ENOTDIR') return promptvError('FILE_NOT_FOUND', { path }, error);
  if (code === 'ELOOP') return promptvError('FILE_SYMLINK', { path }, error);
  const reason = error instanceof Error ? error.message : String(error);
  return promptvError('FILE_ACCESS', { path, action: 'read', reason }, error);
};

/** `ENOENT` and the like; undefined of an error that is not the system's. */
export const systemCodeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;
