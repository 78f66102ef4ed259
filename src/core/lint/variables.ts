import type { PromptDocument } from '../prompt/document.ts';
import { nearestNames } from '../prompt/name.ts';
import { documentTemplates, type PartialOf } from '../template/template.ts';
import { declaredVariables, usedVariables } from '../template/used-variables.ts';
import type { Finding } from './finding.ts';

/** Variables used and not declared, each where it is first used, and declared ones that nothing uses. */
export const findVariableProblems = (document: PromptDocument, partialOf: PartialOf): Finding[] => {
  const used = usedVariables(document, partialOf);
  const declared = declaredVariables(document, partialOf).map(({ name }) => name);
  const own = (document.variables ?? []).map(({ name }) => name);
  const usedNames = new Set(used.map(({ name }) => name));
  const undeclared = used.filter(({ name, partial }) => partial === null && !declared.includes(name));
  const firstUses = new Map(undeclared.toReversed().map((use) => [use.name, use]));
  return [
    ...[...firstUses.values()].toReversed().map(({ name, where }): Finding => {
      const text = documentTemplates(document).find(({ path }) => String(path) === String(where))?.text ?? '';
      const start = findUse(text, name);
      const hint = didYouMean(name, declared);
      return {
        ruleId: 'undeclared-variable',
        message: `"${name}" is used and not declared${hint}`,
        path: where,
        // With a name so near it may be a slip of the pen.
        ...(hint === '' && { declares: name }),
        ...(start >= 0 && { range: [start, start + name.length] }),
      };
    }),
    ...own.flatMap((name, index): Finding[] =>
      usedNames.has(name)
        ? []
        : [
            {
              ruleId: 'unused-variable',
              message: `"${name}" is declared and not used${didYouMean(
                name,
                undeclared.map((use) => use.name),
              )}`,
              path: ['variables', index, 'name'],
            },
          ],
    ),
  ];
};

const didYouMean = (name: string, known: readonly string[]): string => {
  const [nearest] = nearestNames(name, known, 1);
  return nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
};

/** Names are letters, digits, "_" and "-": nothing in them is special to an expression but "-" outside a class. */
const findUse = (text: string, name: string): number => {
  const use = new RegExp(`(\\{[#^&/{]?\\s*)${name}(?![\\p{L}\\p{N}_-])`, 'u').exec(text);
  return use ? use.index + (use[1] ?? '').length : -1;
};
