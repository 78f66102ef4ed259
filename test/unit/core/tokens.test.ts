import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../../src/core/tokens.ts';

describe('estimateTokens', () => {
  it.each([
    ['', 0],
    [' ', 0],
    ['\n', 1],
    ['hello', 1],
    ['The quick brown fox jumps over the lazy dog.', 10],
    ['internationalization', 3],
    ['12345678', 3],
    ['привет', 2],
    ['東京タワー', 5],
    ['👍', 2],
    ['a\n\nb', 3],
  ])('%j has about %i tokens', (text, expected) => {
    expect(estimateTokens(text)).toBe(expected);
  });

  it('never falls when text is inserted anywhere', () => {
    const text = fc.array(
      fc.constantFrom('a', 'Z', '7', ' ', '\n', '"', '{', 'é', 'ж', '東', '👍', '\u0301'),
    );
    fc.assert(
      fc.property(text, text, fc.nat(), (base, inserted, at) => {
        const longer = base.toSpliced(at % (base.length + 1), 0, ...inserted);
        expect(estimateTokens(longer.join(''))).toBeGreaterThanOrEqual(estimateTokens(base.join('')));
      }),
      { numRuns: 2_000 },
    );
  });
});
