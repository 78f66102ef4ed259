import type { DocumentPath, PromptDocument, PromptVariable } from '../prompt/document.ts';
import type { TemplateNode } from './node.ts';
import {
  documentTemplates,
  includedPrompts,
  type PartialOf,
  parseDocumentTemplate,
  titleOf,
} from './template.ts';

/** One place where a template needs a variable. */
export interface UsedVariable {
  readonly name: string;
  /** The template it stands in. */
  readonly where: DocumentPath;
  /** The included prompt that the template belongs to; null for the document itself. */
  readonly partial: string | null;
}

const noPartials: PartialOf = () => undefined;

/**
 * The variables declared by a document and by the prompts it includes, transitively; the outermost declaration of a
 * name counts. A partial that is not found is passed over.
 */
export const declaredVariables = (
  document: PromptDocument,
  partialOf: PartialOf = noPartials,
): PromptVariable[] => {
  const declared = new Map<string, PromptVariable>();
  for (const part of reachableDocuments(document, partialOf)) {
    for (const variable of part.variables ?? []) {
      if (!declared.has(variable.name)) declared.set(variable.name, variable);
    }
  }
  return [...declared.values()];
};

/** The document and every prompt it includes, nearest first, each once even in a circle. */
const reachableDocuments = (document: PromptDocument, partialOf: PartialOf): PromptDocument[] => {
  const found = [document];
  const names = new Set<string>();
  // The list grows while it is walked.
  for (const part of found) {
    for (const name of includedPrompts(part)) {
      const included = names.has(name) ? undefined : partialOf(name);
      names.add(name);
      if (included) found.push(included);
    }
  }
  return found;
};

/**
 * Every variable that the document's templates need, with those of the prompts it includes, once a template, in
 * order. Inside a section over a declared array or object, names that are not declared belong to the item.
 */
export const usedVariables = (
  document: PromptDocument,
  partialOf: PartialOf = noPartials,
): UsedVariable[] => {
  const walk: Walk = {
    declared: new Map(declaredVariables(document, partialOf).map((variable) => [variable.name, variable])),
    partialOf,
    used: new Map(),
    visited: new Set(),
  };
  visitDocument(walk, document, { partial: null, insideItem: false });
  return [...walk.used.values()];
};

interface Walk {
  readonly declared: ReadonlyMap<string, PromptVariable>;
  readonly partialOf: PartialOf;
  readonly used: Map<string, UsedVariable>;
  readonly visited: Set<string>;
}

interface Place {
  readonly partial: string | null;
  readonly insideItem: boolean;
}

const visitDocument = (walk: Walk, document: PromptDocument, place: Place): void => {
  for (const template of documentTemplates(document)) {
    const { nodes } = parseDocumentTemplate(document, template, place.partial ?? titleOf(document));
    visitNodes(walk, nodes, { ...place, where: template.path });
  }
};

const visitNodes = (
  walk: Walk,
  nodes: readonly TemplateNode[],
  place: Place & { where: DocumentPath },
): void => {
  for (const node of nodes) {
    if (node.kind === 'partial') visitPartial(walk, node.name, place.insideItem);
    if (node.kind === 'value' || node.kind === 'section') noteUse(walk, node.path[0], place);
    if (node.kind === 'section') {
      const insideItem = place.insideItem || hasMembers(walk.declared.get(node.path[0] ?? ''));
      visitNodes(walk, node.children, { ...place, insideItem });
    }
  }
};

const hasMembers = (variable: PromptVariable | undefined): boolean =>
  variable?.type === 'array' || variable?.type === 'object';

const noteUse = (walk: Walk, name: string | undefined, place: Place & { where: DocumentPath }): void => {
  if (name === undefined || (place.insideItem && !walk.declared.has(name))) return;
  const key = JSON.stringify([name, place.partial, place.where]);
  if (!walk.used.has(key)) walk.used.set(key, { name, where: place.where, partial: place.partial });
};

const visitPartial = (walk: Walk, name: string, insideItem: boolean): void => {
  const key = JSON.stringify([name, insideItem]);
  if (walk.visited.has(key)) return;
  walk.visited.add(key);
  const included = walk.partialOf(name);
  if (included) visitDocument(walk, included, { partial: name, insideItem });
};
