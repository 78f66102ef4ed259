import type { Problem } from '../core/prompt/document.ts';
import { createPositionFinder } from './prompt-text-tree.ts';

/** 1 MiB: what a prompt file may have at most. */
export const maxPromptBytes = 1_048_576;

const lfsStart = Buffer.from('version https://git-lfs.github.com/spec/');

/** Whether the bytes are Git LFS's stand-in for a file. */
export const isLfsPointer = (bytes: Uint8Array): boolean =>
  Buffer.compare(bytes.subarray(0, lfsStart.length), lfsStart) === 0;

/** The text of a prompt's bytes with its byte order mark, or what keeps them from being one. */
export const decodePromptBytes = (
  bytes: Uint8Array,
): { readonly text: string } | { readonly problem: Problem } => {
  if (bytes.length > maxPromptBytes) {
    return problemAt(1, 1, `the file has ${bytes.length} bytes; a prompt file may have ${maxPromptBytes}`);
  }
  if (isLfsPointer(bytes)) return problemAt(1, 1, 'the file is a Git LFS pointer, not a prompt');
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const readable = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const { line, column } = createPositionFinder(readable)(readable.indexOf('\ufffd'));
    return problemAt(line, column, 'the file is not UTF-8');
  }
};

const problemAt = (line: number, column: number, message: string): { readonly problem: Problem } => ({
  problem: { severity: 'error', message, path: [], line, column },
});
