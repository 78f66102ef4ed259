import type { PromptDocument } from '../prompt/document.ts';
import { nearestNames } from '../prompt/name.ts';
import { documentTemplates, includedPrompts, type PartialOf } from '../template/template.ts';
import type { Finding } from './finding.ts';

/** Included prompts that do not exist, and circles that lead back to the prompt itself. */
export const findPartialProblems = (
  name: string,
  document: PromptDocument,
  { partialOf, names }: { readonly partialOf: PartialOf; readonly names: readonly string[] },
): Finding[] =>
  includedPrompts(document).flatMap((partial): Finding[] => {
    const place = placeOf(document, partial);
    const included = partialOf(partial);
    if (!included && !names.includes(partial)) {
      const [nearest] = nearestNames(partial, names, 1);
      const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
      return [{ ruleId: 'missing-partial', message: `there is no prompt "${partial}"${hint}`, ...place }];
    }
    const circle = findCircle(name, partial, partialOf);
    return circle === null
      ? []
      : [{ ruleId: 'dependency-cycle', message: `it includes itself: ${circle.join(' → ')}`, ...place }];
  });

/** The way from the prompt over one of its partials back to itself; null if there is none. */
const findCircle = (name: string, partial: string, partialOf: PartialOf): string[] | null => {
  const cameFrom = new Map<string, string>([[partial, name]]);
  const queue = [partial];
  for (const current of queue) {
    if (current === name) return [...trail(cameFrom, name), name];
    const document = partialOf(current);
    for (const next of document ? includedPrompts(document) : []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, current);
      queue.push(next);
    }
  }
  return null;
};

/** From the prompt to the last one before it comes round again. */
const trail = (cameFrom: ReadonlyMap<string, string>, name: string): string[] => {
  const way: string[] = [];
  let current = cameFrom.get(name) ?? name;
  while (current !== name && way.length <= cameFrom.size) {
    way.unshift(current);
    current = cameFrom.get(current) ?? name;
  }
  return [name, ...way];
};

const placeOf = (document: PromptDocument, partial: string): Pick<Finding, 'path' | 'range'> => {
  for (const { path, text } of documentTemplates(document)) {
    for (const match of text.matchAll(/\{\{>\s*([^\s}]+)\s*\}\}/g)) {
      if (match[1] === partial) return { path, range: [match.index, match.index + match[0].length] };
    }
  }
  return { path: [] };
};
