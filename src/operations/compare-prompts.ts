import type { Change } from '../core/impact/change.ts';
import { type ComparedPrompt, compareDocuments } from '../core/impact/compare-documents.ts';
import { type Impact, strongestImpact } from '../core/impact/grade.ts';
import type { Pin, PromptDocument } from '../core/prompt/document.ts';
import { declaredVariables, usedVariables } from '../core/template/used-variables.ts';

/** A document with the partials that it renders with. */
export interface PromptWithPartials {
  readonly document: PromptDocument;
  readonly pins: readonly Pin[];
  readonly partials: ReadonlyMap<string, PromptDocument>;
}

/**
 * The graded differences between two texts as their callers feel them: variables that a partial declares or needs
 * count as the prompt's own, and a newer partial counts at least as much as that partial itself changed.
 */
export const comparePrompts = (before: PromptWithPartials, after: PromptWithPartials): Change[] =>
  compareDocuments(toCompared(before), {
    ...toCompared(after),
    pinImpacts: impactsOfPartials(before, after),
  });

/** The strongest of these differences. */
export const impactBetween = (before: PromptWithPartials, after: PromptWithPartials): Impact =>
  strongestImpact(comparePrompts(before, after).map(({ impact }) => impact));

const toCompared = ({ document, pins, partials }: PromptWithPartials): ComparedPrompt => {
  const partialOf = (name: string) => partials.get(name);
  const variables = declaredVariables(document, partialOf);
  return {
    document: variables.length > 0 ? { ...document, variables } : document,
    pins,
    usedVariables: [...new Set(usedVariables(document, partialOf).map(({ name }) => name))],
  };
};

const impactsOfPartials = (before: PromptWithPartials, after: PromptWithPartials): Map<string, Impact> => {
  const impacts = new Map<string, Impact>();
  for (const { name } of after.pins) {
    const [earlier, later] = [before.partials.get(name), after.partials.get(name)];
    if (earlier && later) impacts.set(name, impactBetween(alone(earlier), alone(later)));
  }
  return impacts;
};

const alone = (document: PromptDocument): PromptWithPartials => ({ document, pins: [], partials: new Map() });
