type CharacterClass = 'latin' | 'digit' | 'space' | 'punctuation' | 'ideograph' | 'letter' | 'symbol';

/** Tokens of a run of `length` characters of one class. */
const tokensOfRun: Readonly<Record<CharacterClass, (length: number) => number>> = {
  latin: (length) => Math.ceil(length / 7),
  digit: (length) => Math.ceil(length / 3),
  space: (length) => Math.min(length, 1),
  punctuation: (length) => Math.ceil(length / 2),
  ideograph: (length) => length,
  letter: (length) => Math.ceil(length / 3),
  symbol: (length) => 2 * length,
};

/**
 * An estimate of a text's tokens, without a model's vocabulary: a word of A–Z costs 1 for every 7 letters begun, of
 * another alphabet 1 for 3, digits 1 for 3, punctuation 1 for 2, an ideograph, kana or hangul 1, a symbol or emoji 2,
 * white space 1 a run but nothing for a single space. A model's own count differs; more text never costs less.
 */
export const estimateTokens = (text: string): number => {
  let tokens = 0;
  let runClass: CharacterClass | null = null;
  let runLength = 0;
  let isSingleSpace = false;
  const endRun = () => {
    if (runClass !== null && !isSingleSpace) tokens += tokensOfRun[runClass](runLength);
  };
  for (const character of text) {
    const found = classify(character);
    if (found === runClass) {
      runLength += 1;
      isSingleSpace = false;
    } else {
      endRun();
      runClass = found;
      runLength = 1;
      isSingleSpace = character === ' ';
    }
  }
  endRun();
  return tokens;
};

const classify = (character: string): CharacterClass => {
  const code = character.charCodeAt(0);
  if (code > 0x7f) return classifyBeyondAscii(character);
  if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)) return 'latin';
  if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) return 'space';
  return code >= 0x30 && code <= 0x39 ? 'digit' : 'punctuation';
};

const ideograph = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

const classifyBeyondAscii = (character: string): CharacterClass => {
  if (ideograph.test(character)) return 'ideograph';
  if (/[\p{L}\p{M}]/u.test(character)) return 'letter';
  if (/\p{N}/u.test(character)) return 'digit';
  if (/\s/u.test(character)) return 'space';
  return /\p{P}/u.test(character) ? 'punctuation' : 'symbol';
};
