import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from 'obscenity';
import { type Finding, quote, type ScannedText } from './finding.ts';

let matcher: RegExpMatcher | undefined;

/** Profane English words by the word list of the library, also in disguise (`f*ck`); `allowed` words are none. */
export const findProfanity = (texts: readonly ScannedText[], allowed: readonly string[]): Finding[] => {
  matcher ??= new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });
  const permitted = new Set(allowed.map((word) => word.toLowerCase()));
  const found = matcher;
  return texts.flatMap(({ path, text }) =>
    found.getAllMatches(text, true).flatMap(({ startIndex, endIndex }): Finding[] => {
      const word = wordAround(text, startIndex, endIndex + 1);
      return permitted.has(word.toLowerCase())
        ? []
        : [
            {
              ruleId: 'profanity',
              message: `${quote(word)} is profane`,
              path,
              range: [startIndex, endIndex + 1],
            },
          ];
    }),
  );
};

const wordAround = (text: string, start: number, end: number): string => {
  const before = /[\p{L}\p{N}]*$/u.exec(text.slice(Math.max(0, start - 40), start))?.[0] ?? '';
  const after = /^[\p{L}\p{N}]*/u.exec(text.slice(end, end + 40))?.[0] ?? '';
  return before + text.slice(start, end) + after;
};
