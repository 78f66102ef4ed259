import type { DocumentPath, Problem } from '../core/prompt/document.ts';
import { locateInText } from './prompt-text.ts';
import { parseJsonText } from './prompt-text-json.ts';
import { createPositionFinder } from './prompt-text-tree.ts';

/** What a check of parsed data says: the typed value, or what is wrong where. */
interface Checked<State> {
  readonly state: State | null;
  readonly problems: readonly { readonly message: string; readonly path: DocumentPath }[];
}

/** Reads the JSON text of a state file and checks it; every problem has its line and column. */
export const parseStateText = <State>(
  text: string,
  check: (data: unknown) => Checked<State>,
): { readonly value: State | null; readonly problems: readonly Problem[] } => {
  const parsed = parseJsonText(text);
  if (parsed.problems.length > 0) {
    const positionOf = createPositionFinder(text);
    const problems = parsed.problems.map(({ severity, message, offset }) => ({
      severity,
      message,
      path: [],
      ...positionOf(offset),
    }));
    return { value: null, problems };
  }
  const { state, problems } = check(parsed.value);
  const placed = problems.map(({ message, path }) => ({
    severity: 'error' as const,
    message: path.length > 0 ? `${path.join('.')} ${message}` : message,
    path,
    ...locateInText(text, 'json', path),
  }));
  return { value: placed.length === 0 ? state : null, problems: placed };
};
