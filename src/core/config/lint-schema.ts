import * as v from 'valibot';
import { lintRuleIds } from '../lint/rules.ts';
import { count, key, line, lines, recordOf, requiredKey } from './values.ts';

const rule = v.picklist(lintRuleIds);

const exception = v.strictObject({
  rule: requiredKey('The rule that does not hold there.', rule),
  prompts: key('Globs of the prompts; none listed: all.', lines, []),
  reason: requiredKey('Why.', line),
});

/** `lint` of the configuration. */
export const lintSchema = v.strictObject({
  rules: key(
    'Rule → how bad its problems are; `off` switches it off. The others keep the severity of docs/lint.md.',
    v.record(rule, v.picklist(['off', 'note', 'warning', 'error'])),
    {},
  ),
  minLength: key('Fewest characters of a prompt.', count, 10),
  maxLength: key('Most characters of a prompt.', count, 20_000),
  contextTokens: key('Model → tokens of its context, before the built-in ones.', recordOf(count), {}),
  allowedWords: key('Words that `profanity` leaves alone.', lines, []),
  exceptions: key('Where a rule does not hold.', v.array(exception), []),
});
