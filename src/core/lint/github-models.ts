import type { PromptDocument } from '../prompt/document.ts';
import { documentTemplates, templateLanguageOf } from '../template/template.ts';
import type { Finding } from './finding.ts';

const spaced = /\{\{(?=\s|[^{}]*\s\}\})\s*([\p{L}_][\p{L}\p{M}\p{N}_.-]*)\s*\}\}/gu;

/** Whether a file is named as GitHub Models names its prompts. */
export const isGithubModelsFile = (path: string): boolean => /\.prompt\.ya?ml$/i.test(path);

/** Places of a GitHub Models file that promptv fills and GitHub leaves as they stand. */
export const findSpacedPlaces = (document: PromptDocument, path: string): Finding[] =>
  isGithubModelsFile(path) && templateLanguageOf(document) === 'mustache'
    ? documentTemplates(document).flatMap((template) =>
        [...template.text.matchAll(spaced)].map(
          (match): Finding => ({
            ruleId: 'github-models-spacing',
            message: `GitHub Models does not replace ${match[0]}; write {{${match[1]}}}`,
            path: template.path,
            range: [match.index, match.index + match[0].length],
          }),
        ),
      )
    : [];

/** The text with the spaces inside one more of its places taken out each time; to promptv it means the same. */
export const removeSpaces = (text: string): string[] => {
  const places = [...text.matchAll(spaced)];
  return places.map((_, last) => {
    let seen = -1;
    return text.replace(spaced, (place, name: string) => {
      seen += 1;
      return seen <= last ? `{{${name}}}` : place;
    });
  });
};
