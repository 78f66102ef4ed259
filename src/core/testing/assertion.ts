import * as v from 'valibot';
import { durationPattern, parseDurationMs } from '../config/duration.ts';
import { similarityNames } from './similarity.ts';

/** What an assertion looks at: the rendered prompt, or the answer of a provider. */
export const assertionSubjects = ['prompt', 'output'] as const;
export type AssertionSubject = (typeof assertionSubjects)[number];

const text = v.string();
const wanted = v.pipe(text, v.nonEmpty('must not be empty'));
const amount = v.pipe(v.number(), v.finite('must be finite'), v.minValue(0, 'must not be negative'));
const mapping = v.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be a mapping',
);

/** Kind of assertion → what it is given. The answer's own figures come last. */
const kinds = {
  contains: wanted,
  'not-contains': wanted,
  'starts-with': wanted,
  'ends-with': wanted,
  equals: text,
  regex: wanted,
  'not-regex': wanted,
  snapshot: v.literal(true, 'must be true'),
  'max-tokens': v.pipe(v.number(), v.safeInteger('must be a whole number'), v.minValue(0)),
  'json-schema': v.union(
    [v.literal(true), mapping],
    'must be a JSON schema, or true for the one of the prompt',
  ),
  'max-latency': v.pipe(
    text,
    v.regex(durationPattern, 'must be a duration such as 500ms or 2s'),
    v.transform(parseDurationMs),
  ),
  'max-cost-usd': amount,
  similar: v.strictObject({
    to: text,
    by: v.optional(v.picklist(similarityNames), 'levenshtein'),
    min: v.pipe(v.number(), v.minValue(0, 'must be from 0 to 1'), v.maxValue(1, 'must be from 0 to 1')),
  }),
  command: wanted,
} as const;

export type AssertionKind = keyof typeof kinds;

const assertionKinds: readonly string[] = Object.keys(kinds);

/** These need an answer; on the prompt they would say nothing. */
const outputKinds: ReadonlySet<string> = new Set(['max-latency', 'max-cost-usd', 'command']);

type ValueOf<Kind extends AssertionKind> = v.InferOutput<(typeof kinds)[Kind]>;

/** One assertion; `on` is null where it looks at the answer if there is a provider, else at the prompt. */
export type Assertion = {
  readonly [Kind in AssertionKind]: {
    readonly kind: Kind;
    readonly value: ValueOf<Kind>;
    readonly on: AssertionSubject | null;
    readonly ignoreCase: boolean;
  };
}[AssertionKind];

type AssertionReading =
  | { readonly ok: true; readonly assertion: Assertion }
  | { readonly ok: false; readonly problem: string; readonly key: string | null };

const isKind = (key: string): key is AssertionKind => Object.hasOwn(kinds, key);

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> => v.is(mapping, value);

/** Reads `{contains: text}` and its like; the problem names the key that it is about. */
export const parseAssertion = (value: unknown): AssertionReading => {
  if (!isMapping(value)) return refuse('must be a mapping such as {contains: text}');
  const { on = null, 'ignore-case': ignoreCase = false } = value;
  const [kind, second] = Object.keys(value).filter((key) => key !== 'on' && key !== 'ignore-case');
  if (kind === undefined) return refuse(`says nothing; give one of ${assertionKinds.join(', ')}`);
  if (!isKind(kind)) return refuse(`"${kind}" is no assertion; there are ${assertionKinds.join(', ')}`, kind);
  if (second !== undefined)
    return refuse(`asserts "${kind}" and "${second}"; make them two assertions`, second);
  if (typeof ignoreCase !== 'boolean') return refuse('"ignore-case" must be true or false', 'ignore-case');
  if (on !== null && on !== 'prompt' && on !== 'output') return refuse('"on" must be prompt or output', 'on');
  if (on === 'prompt' && outputKinds.has(kind))
    return refuse(`"${kind}" looks at an answer, never at the prompt`, 'on');
  const subject = outputKinds.has(kind) ? 'output' : on;
  return readValue(kind, value[kind], { on: subject, ignoreCase });
};

const readValue = (
  kind: AssertionKind,
  given: unknown,
  rest: { readonly on: AssertionSubject | null; readonly ignoreCase: boolean },
): AssertionReading => {
  const read = v.safeParse(v.looseObject({ [kind]: kinds[kind] }), { [kind]: given });
  if (!read.success) return refuse(`"${kind}" ${describe(read.issues[0])}`, kind);
  // The value has the type of its kind: both were taken from one entry of the table.
  return { ok: true, assertion: { kind, value: read.output[kind], ...rest } as Assertion };
};

const describe = (issue: v.BaseIssue<unknown>): string =>
  issue.message.startsWith('must ')
    ? issue.message
    : `must be ${(issue.expected ?? 'another value').toLowerCase()}`;

const refuse = (problem: string, key: string | null = null): AssertionReading => ({
  ok: false,
  problem,
  key,
});
