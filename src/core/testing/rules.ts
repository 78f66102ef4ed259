import type { CheckRule } from '../checks/report.ts';

/** What a problem of `test` may be, beside an assertion of that name that does not hold. */
const otherRules: Readonly<Record<string, string>> = {
  render: 'The prompt can be rendered with the variables of the test.',
  provider: 'The provider answers.',
  timeout: 'The test ends within its time limit.',
  'not-run': 'What the test asserts was checked.',
};

const assertionRules: Readonly<Record<string, string>> = {
  contains: 'The text contains another.',
  'not-contains': 'The text does not contain another.',
  'starts-with': 'The text begins with another.',
  'ends-with': 'The text ends with another.',
  equals: 'The text is another.',
  regex: 'The text matches a regular expression.',
  'not-regex': 'The text does not match a regular expression.',
  snapshot: 'The text is the one that was accepted.',
  'max-tokens': 'The text has at most so many tokens.',
  'json-schema': 'The text is JSON that fits a schema.',
  'max-latency': 'The answer came in time.',
  'max-cost-usd': 'The answer cost at most so much.',
  similar: 'The text is like another.',
  command: 'A program accepts the answer.',
};

/** Every rule of `test`, for the formats that list them. */
export const testRules: readonly CheckRule[] = Object.entries({ ...assertionRules, ...otherRules }).map(
  ([id, summary]) => ({ id, summary }),
);
