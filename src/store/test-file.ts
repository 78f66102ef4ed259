import { join } from 'node:path';
import type { DocumentPath } from '../core/prompt/document.ts';
import { locateInText, promptFormatOf } from './prompt-text.ts';
import { decodePromptBytes } from './prompt-text-bytes.ts';
import { parseJsonText } from './prompt-text-json.ts';
import { createPositionFinder } from './prompt-text-tree.ts';
import { parseYamlText } from './prompt-text-yaml.ts';
import { readTextIfThere } from './read-file.ts';

/** A place in a file, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A file of test cases as plain data; `problem` says why it cannot be read. */
export interface TestFile {
  /** Relative to the workspace. */
  readonly path: string;
  readonly value: unknown;
  readonly problem: (Place & { readonly message: string }) | null;
  readonly locate: (path: DocumentPath) => Place;
}

/** Reads a file of tests; null when there is none. @throws FILE_ACCESS */
export const readTestFile = async (root: string, path: string): Promise<TestFile | null> => {
  const text = await readTextIfThere(join(root, path));
  if (text === null) return null;
  const format = promptFormatOf(path);
  const { value, problems } = format === 'json' ? parseJsonText(text) : parseYamlText(text);
  const [first] = problems;
  const problem = first ? { message: first.message, ...createPositionFinder(text)(first.offset) } : null;
  return { path, value, problem, locate: (place) => locateInText(text, format, place) };
};

/** Finds places in the bytes of a prompt document. */
export const createLocator = (bytes: Uint8Array, path: string): ((place: DocumentPath) => Place) => {
  const decoded = decodePromptBytes(bytes);
  const text = 'text' in decoded ? decoded.text : '';
  return (place) => locateInText(text, promptFormatOf(path), place);
};
