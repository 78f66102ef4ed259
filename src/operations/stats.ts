import { calculate } from '../core/stats/calculator.ts';
import { isPromptvError, promptvError } from '../errors.ts';

export interface StatsRequest {
  /** The function to call; without it `input` is JSON lines of `{fn, input}`. */
  readonly fn?: string;
  /** The text of the input file. */
  readonly input: string;
}

/** One answered line, in the place of its question. */
export type StatsLine =
  | { readonly result: unknown }
  | {
      readonly error: {
        readonly code: string;
        readonly message: string;
        readonly hint: string;
        readonly details: Readonly<Record<string, unknown>>;
      };
    };

/** The bare result of one function, or one answer for each line. */
export type StatsResult =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'lines'; readonly lines: readonly StatsLine[] };

const parseJson = (text: string, fn: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw promptvError(
      'STATS_INPUT_INVALID',
      { fn, problems: [`it is not JSON (${cause instanceof Error ? cause.message : String(cause)})`] },
      cause,
    );
  }
};

const answerLine = (line: string): unknown => {
  const question = parseJson(line, 'this line');
  if (
    typeof question === 'object' &&
    question !== null &&
    'fn' in question &&
    typeof question.fn === 'string'
  ) {
    return calculate(question.fn, 'input' in question ? question.input : undefined);
  }
  throw promptvError('STATS_INPUT_INVALID', {
    fn: 'this line',
    problems: ['it is not an object {"fn": …, "input": …}'],
  });
};

const tryLine = (line: string): StatsLine => {
  try {
    return { result: answerLine(line) };
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    return { error: { code: error.code, message: error.message, hint: error.hint, details: error.details } };
  }
};

/**
 * The calculator behind `promptv stats`: one function over one input, or a line of JSON for each. Lines are answered
 * in order, a wrong one by its error; blank lines ask nothing; further keys of a line are ignored. Throws
 * STATS_INPUT_INVALID and STATS_FUNCTION_UNKNOWN when `fn` is given.
 */
export const runStats = ({ fn, input }: StatsRequest): StatsResult => {
  const text = input.replace(/^\uFEFF/, '');
  if (fn !== undefined) return { kind: 'result', result: calculate(fn, parseJson(text, fn)) };
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return { kind: 'lines', lines: lines.map(tryLine) };
};
