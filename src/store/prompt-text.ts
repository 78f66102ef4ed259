import type { DocumentPath, Problem, PromptDocument } from '../core/prompt/document.ts';
import { validateDocument } from '../core/prompt/schema.ts';
import { decodePromptBytes } from './prompt-text-bytes.ts';
import { parseJsonText, readJsonTree } from './prompt-text-json.ts';
import {
  createPositionFinder,
  locateOffset,
  type TextNode,
  type TextProblem,
  textError,
} from './prompt-text-tree.ts';
import { parseYamlText } from './prompt-text-yaml.ts';
import { readYamlTree } from './prompt-text-yaml-tree.ts';

const maxProblems = 100;
const maxMessageLength = 300;

export type PromptFormat = 'yaml' | 'json';

export interface ParsedPromptText {
  /** Null if a problem is an error. */
  readonly document: PromptDocument | null;
  /** All of them, in the order of the text; past 100 of a kind the rest is only counted. */
  readonly problems: readonly Problem[];
  /** The plain data, valid or not; undefined of a text that is not well-formed. */
  readonly value: unknown;
  /** With its byte order mark and line ends; empty of bytes that are no text. */
  readonly text: string;
  readonly format: PromptFormat;
}

/** A path tells the format: `.json` is JSON, all else YAML. */
export const promptFormatOf = (path: string): PromptFormat =>
  path.toLowerCase().endsWith('.json') ? 'json' : 'yaml';

/** Reads and validates a prompt's bytes. Never throws for what they hold: it reports all problems at once. */
export const parsePromptText = (bytes: Uint8Array, path: string): ParsedPromptText => {
  const format = promptFormatOf(path);
  const decoded = decodePromptBytes(bytes);
  if ('problem' in decoded) {
    return { document: null, problems: [decoded.problem], value: undefined, text: '', format };
  }
  const { text } = decoded;
  const { value, problems: found } = format === 'json' ? parseJsonText(text) : parseYamlText(text);
  const problems = found.length === 0 ? found : (conflictProblem(text) ?? found);
  const validated = value === undefined ? { document: null, problems: [] } : validateDocument(value);
  if (problems.length === 0 && validated.problems.length === 0) {
    return { document: validated.document, problems: [], value, text, format };
  }
  const placed = placeProblems(text, format, { textProblems: problems, dataProblems: validated.problems });
  const hasError = problems.some(({ severity }) => severity === 'error');
  return { document: hasError ? null : validated.document, problems: placed, value, text, format };
};

/** A text that cannot be read because git has left both sides of a merge in it has that one problem. */
const conflictProblem = (text: string): readonly TextProblem[] | null => {
  const marker = /^<{7} /m.exec(text);
  return marker && /^>{7} /m.test(text)
    ? [textError(marker.index, 'a merge conflict that is not settled begins here')]
    : null;
};

/** Line and column, from 1, of the key or item at a path of a well-formed text, or of the nearest one around it. */
export const locateInText = (
  text: string,
  format: PromptFormat,
  path: DocumentPath,
): { line: number; column: number } => createPositionFinder(text)(offsetIn(readTree(text, format), path));

/** The places of a well-formed text's parts; null of an empty text. */
export const readTree = (text: string, format: PromptFormat): TextNode | null =>
  format === 'json' ? readJsonTree(text).root : readYamlTree(text);

const offsetIn = (tree: TextNode | null, path: DocumentPath): number =>
  tree === null ? 0 : locateOffset(tree, path);

const placeProblems = (
  text: string,
  format: PromptFormat,
  found: {
    readonly textProblems: readonly TextProblem[];
    readonly dataProblems: readonly Omit<Problem, 'line' | 'column'>[];
  },
): Problem[] => {
  const tree = found.dataProblems.length > 0 ? readTree(text, format) : null;
  const positionOf = createPositionFinder(text);
  const dataProblems = limitProblems(found.dataProblems);
  return [
    ...limitProblems(found.textProblems).map((problem) => ({
      path: [],
      ...problem,
    })),
    ...dataProblems.map((problem) => ({ ...problem, offset: offsetIn(tree, problem.path) })),
  ]
    .sort((a, b) => a.offset - b.offset)
    .map(({ severity, message, path, offset }) => {
      const shown = message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message;
      return { severity, message: shown, path, ...positionOf(offset) };
    });
};

/** Keeps the first problems, errors before warnings; one more, where the next would be, counts the rest. */
const limitProblems = <T extends Pick<Problem, 'severity' | 'message'>>(
  problems: readonly T[],
): readonly T[] => {
  if (problems.length <= maxProblems) return problems;
  const weight = ({ severity }: T): number => (severity === 'error' ? 0 : 1);
  const sorted = problems.toSorted((a, b) => weight(a) - weight(b));
  const message = `${problems.length - maxProblems} more problems are not shown`;
  return [
    ...sorted.slice(0, maxProblems),
    ...sorted.slice(maxProblems, maxProblems + 1).map((next) => ({ ...next, message })),
  ];
};
