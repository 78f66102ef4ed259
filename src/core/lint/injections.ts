import { type Finding, quote, type ScannedText } from './finding.ts';
import { injectionPatterns } from './injection-patterns.ts';

/** Words before a match in its sentence that make it the description of an attack, as defences have them. */
const describing =
  /\b(?:never(?! mind)|do not|don't|must not|cannot|refuse|reject|resist|decline|detect|flag|report|classify|recognise|recognize|beware|attempts?|tries|trying|asks?|asked|requests?|tells? you|told to|instructs?|such as|for example|e\.g\.|like|phrases?|if (?:a|an|the|any|some))\b[^\n]{0,120}$/iu;

/** Texts that look like an attack by the table of patterns, one finding a pattern and place. */
export const findInjections = (texts: readonly ScannedText[]): Finding[] =>
  texts.flatMap(({ path, text }) =>
    injectionPatterns.flatMap(({ kind, pattern, reason }) =>
      [...text.matchAll(pattern)]
        .filter((match) => kind === 'sql-injection' || !isDescribed(text, match.index))
        .map(
          (match): Finding => ({
            ruleId: kind,
            message: `${quote(match[0])} ${reason}`,
            path,
            range: [match.index, match.index + match[0].length],
          }),
        ),
    ),
  );

const isDescribed = (text: string, start: number): boolean => {
  const before = text.slice(Math.max(0, start - 200), start);
  const sentence = before.slice(
    Math.max(...['.', '!', '?', '\n'].map((end) => before.lastIndexOf(`${end}`))) + 1,
  );
  return describing.test(sentence);
};
