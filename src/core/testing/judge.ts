import { estimateTokens } from '../tokens.ts';
import type { Assertion } from './assertion.ts';
import { computeSimilarity, maxComparedLength } from './similarity.ts';

/** A text that assertions are about, with what is known of how it came. */
export interface JudgedText {
  readonly text: string;
  readonly noun: 'prompt' | 'answer';
  /** Null where nothing was measured. */
  readonly latencyMs: number | null;
  readonly costUsd: number | null;
  /** As the provider counted them; null: they are estimated. */
  readonly tokens: number | null;
}

/** The assertions that need nothing but the text and its figures. */
export type TextAssertion = Exclude<Assertion, { kind: 'snapshot' | 'json-schema' | 'command' }>;

/** What is wrong, as one sentence, and how alike the texts were where that was asked. */
export interface Judgement {
  readonly problem: string | null;
  readonly similarity?: number;
}

const passed: Judgement = { problem: null };
const check = (holds: boolean, problem: string): Judgement => (holds ? passed : { problem });

/** A longer text is not matched: the time of a regular expression can grow with the power of the length. */
const maxMatchedLength = 10_000;

/** Judges one assertion. A regular expression may take any time: the caller limits it. */
export const judgeText = (assertion: TextAssertion, judged: JudgedText): Judgement => {
  const { noun } = judged;
  const fold = (text: string): string => (assertion.ignoreCase ? text.toLowerCase() : text);
  const text = fold(judged.text);
  switch (assertion.kind) {
    case 'contains':
      return check(
        text.includes(fold(assertion.value)),
        `the ${noun} does not contain ${quote(assertion.value)}`,
      );
    case 'not-contains':
      return check(!text.includes(fold(assertion.value)), `the ${noun} contains ${quote(assertion.value)}`);
    case 'starts-with':
      return check(
        text.startsWith(fold(assertion.value)),
        `the ${noun} does not begin with ${quote(assertion.value)}`,
      );
    case 'ends-with':
      return check(
        text.endsWith(fold(assertion.value)),
        `the ${noun} does not end with ${quote(assertion.value)}`,
      );
    case 'equals':
      return check(
        text === fold(assertion.value),
        `the ${noun} is ${quote(judged.text)}, not ${quote(assertion.value)}`,
      );
    case 'regex':
      return judgePattern(assertion, judged, true);
    case 'not-regex':
      return judgePattern(assertion, judged, false);
    case 'max-tokens':
      return judgeTokens(assertion.value, judged);
    case 'max-latency':
      return judgeLatency(assertion.value, judged);
    case 'max-cost-usd':
      return judgeCost(assertion.value, judged);
    case 'similar':
      return judgeSimilarity(assertion, judged);
  }
};

const judgePattern = (
  { value, ignoreCase }: { readonly value: string; readonly ignoreCase: boolean },
  { text, noun }: JudgedText,
  wanted: boolean,
): Judgement => {
  if (text.length > maxMatchedLength)
    return {
      problem: `the ${noun} has ${text.length} characters; only ${maxMatchedLength} are matched with a pattern`,
    };
  let pattern: RegExp;
  try {
    pattern = new RegExp(value, ignoreCase ? 'iu' : 'u');
  } catch {
    return { problem: `${quote(value)} is no regular expression` };
  }
  return check(
    pattern.test(text) === wanted,
    `the ${noun} ${wanted ? 'does not match' : 'matches'} ${quote(value)}`,
  );
};

const judgeTokens = (most: number, { text, noun, tokens }: JudgedText): Judgement => {
  const counted = tokens ?? estimateTokens(text);
  const how = tokens === null ? 'about ' : '';
  return check(counted <= most, `the ${noun} has ${how}${counted} tokens, more than ${most}`);
};

const judgeLatency = (mostMs: number, { latencyMs }: JudgedText): Judgement =>
  latencyMs === null
    ? { problem: 'how long the answer took is not known' }
    : check(latencyMs <= mostMs, `the answer took ${Math.round(latencyMs)} ms, more than ${mostMs} ms`);

const judgeCost = (most: number, { costUsd }: JudgedText): Judgement =>
  costUsd === null
    ? { problem: 'the cost is not known: it takes counted tokens, and the price of the model under "prices"' }
    : check(costUsd <= most, `the answer cost ${costUsd} USD, more than ${most} USD`);

const judgeSimilarity = (
  {
    value,
    ignoreCase,
  }: { value: { to: string; by: 'levenshtein' | 'jaccard' | 'cosine'; min: number }; ignoreCase: boolean },
  { text, noun }: JudgedText,
): Judgement => {
  const { to, by, min } = value;
  if (by === 'levenshtein' && Math.max(text.length, to.length) > maxComparedLength)
    return { problem: `a text of more than ${maxComparedLength} characters is not compared by levenshtein` };
  const [a, b] = ignoreCase ? [text.toLowerCase(), to.toLowerCase()] : [text, to];
  const similarity = computeSimilarity(by, a, b);
  const problem =
    similarity >= min ? null : `the ${noun} is ${similarity.toFixed(3)} similar by ${by}, less than ${min}`;
  return { problem, similarity };
};

const mostShown = 80;

/** A text in quotes, cut to what a line can show. */
const quote = (text: string): string =>
  JSON.stringify(text.length > mostShown ? `${text.slice(0, mostShown)}…` : text);
