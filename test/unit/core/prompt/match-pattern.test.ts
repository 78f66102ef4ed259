import { describe, expect, it } from 'vitest';
import { matchPattern } from '../../../../src/core/prompt/match-pattern.ts';
import { checkVariables } from '../../../../src/core/prompt/variables.ts';

describe('a pattern', () => {
  it.each([
    ['^[A-Z]{2}-\\d{6}$', 'AB-123456', true],
    ['^[A-Z]{2}-\\d{6}$', 'AB-12345', false],
    ['b+', 'abbb', true],
    ['^(?:a|b)+$', 'abab', true],
    ['^(\\w+\\s?)*$', 'two words', true],
    ['(?<=x)y', 'xy', true],
    ['^(.)\\1$', 'aa', true],
    ['\\p{L}+', '1é', true],
    ['^[^}]*\\}$', 'a}', true],
  ])('%s on "%s" tells %s', (pattern, text, expected) => {
    expect(matchPattern(pattern, text)).toBe(expected);
  });

  it.each([
    ['^(a+)+$', `${'a'.repeat(60)}b`],
    ['(a|a)*$', `${'a'.repeat(60)}b`],
    ['a*a*a*a*a*a*b', 'a'.repeat(9_999)],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(60)],
    ['(.*)\\1\\1x$', 'a'.repeat(9_999)],
  ])('%s that never ends is given up', (pattern, text) => {
    expect(matchPattern(pattern, text)).toBeNull();
  });

  it('that takes too long makes its value a bad one', () => {
    const variables = [{ name: 'id', pattern: '^(a+)+$' }];
    const { problems } = checkVariables(variables, [], { id: `${'a'.repeat(50)}!` });
    expect(problems).toEqual([expect.stringContaining('"id" has a pattern that takes too long on "aaaa')]);
    expect(checkVariables(variables, [], { id: 'aaa' }).problems).toEqual([]);
  });
});
