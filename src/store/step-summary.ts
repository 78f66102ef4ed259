import { appendFileSync, statSync } from 'node:fs';
import { promptvError } from '../errors.ts';

/** GitHub refuses the summary of a step that is larger, whole. */
const maxBytes = 1_048_576;

/**
 * Adds to the file that GitHub Actions shows as the summary of a step what still fits in; `format` is told how many
 * bytes that are. @throws FILE_ACCESS
 */
export const appendStepSummary = (path: string, format: (bytes: number) => string): void => {
  try {
    const free = maxBytes - (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
    const text = format(free);
    if (Buffer.byteLength(text) <= free) appendFileSync(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw promptvError('FILE_ACCESS', { path, action: 'written', reason }, error);
  }
};
