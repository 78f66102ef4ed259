import { promptvError } from '../../errors.ts';
import type { PromptDocument } from '../prompt/document.ts';
import { compileVariableCheck } from '../prompt/variables.ts';
import { expandTemplate } from './expand.ts';
import { type ExpandedNode, renderNodes } from './render-nodes.ts';
import { documentTemplates, type PartialOf } from './template.ts';
import { declaredVariables, usedVariables } from './used-variables.ts';
import { copyValue, copyView, type View } from './view.ts';

/** A prompt with its variables filled in. `messages` is null for a prompt with `content`. */
export interface RenderedPrompt {
  /** The content; of messages each as `role:`, a line break and its content, a blank line between two. */
  readonly text: string;
  readonly messages: readonly RenderedMessage[] | null;
}

export interface RenderedMessage {
  readonly role: string;
  readonly content: string;
}

export interface RenderSource {
  /** The prompt's name, for messages. */
  readonly name: string;
  /** Finds included prompts; without it there are none. */
  readonly partialOf?: PartialOf;
}

export type RenderFunction = (values: Readonly<Record<string, unknown>>) => RenderedPrompt;

/** Renders a document once; throws what `compileDocument` and its function throw. */
export const renderDocument = (
  document: PromptDocument,
  { values, ...source }: RenderSource & { readonly values: Readonly<Record<string, unknown>> },
): RenderedPrompt => compileDocument(document, source)(values);

/**
 * Prepares a document for many renderings. Throws `TEMPLATE_INVALID`, `DEPENDENCY_NOT_FOUND`, `DEPENDENCY_CYCLE`;
 * the function throws `VARIABLES_INVALID` with every missing, unknown or unfit variable.
 */
export const compileDocument = (
  document: PromptDocument,
  { name, partialOf = () => undefined }: RenderSource,
): RenderFunction => {
  const templates = documentTemplates(document).map((template) =>
    expandTemplate(document, template, { name, partialOf }),
  );
  const roles = document.content === undefined ? (document.messages ?? []).map(({ role }) => role) : null;
  const viewOf = compileView(document, { name, partialOf });
  return (values) => {
    const view = viewOf(values);
    const texts = renderTemplates(templates, view, name);
    if (roles === null) return { text: texts[0] ?? '', messages: null };
    const messages = roles.map((role, index) => ({ role, content: texts[index] ?? '' }));
    return { text: messages.map(({ role, content }) => `${role}:\n${content}`).join('\n\n'), messages };
  };
};

/** A function from the values given to what the templates see: checked, with defaults, without prototypes. */
const compileView = (
  document: PromptDocument,
  { name, partialOf }: { readonly name: string; readonly partialOf: PartialOf },
): ((values: Readonly<Record<string, unknown>>) => View) => {
  const declared = declaredVariables(document, partialOf).map((variable) =>
    variable.default === undefined ? variable : { ...variable, default: copyValue(variable.default) },
  );
  const used = usedVariables(document, partialOf).map((variable) => variable.name);
  const check = compileVariableCheck(declared, used);
  return (given) => {
    const { values, problems } = check(copyGiven(given, name));
    if (problems.length > 0) throw promptvError('VARIABLES_INVALID', { name, ref: name, problems });
    return values;
  };
};

const copyGiven = (given: Readonly<Record<string, unknown>>, name: string): View => {
  try {
    return copyView(given);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw promptvError('VARIABLES_INVALID', { name, ref: name, problems: [error.message] }, error);
  }
};

const renderTemplates = (
  templates: readonly (readonly ExpandedNode[])[],
  view: View,
  name: string,
): string[] => {
  const missing = new Set<string>();
  const texts = templates.map((nodes) => renderNodes(nodes, { value: view, outer: null }, missing));
  if (missing.size === 0) return texts;
  const problems = [...missing].map((path) => `"${path}" is missing`);
  throw promptvError('VARIABLES_INVALID', { name, ref: name, problems });
};
