import { promptvError } from '../../errors.ts';
import type { PromptDocument } from '../prompt/document.ts';
import { formatPath } from '../prompt/problem.ts';
import type { TemplateNode } from './node.ts';
import type { ExpandedNode } from './render-nodes.ts';
import {
  type DocumentTemplate,
  type PartialOf,
  parseDocumentTemplate,
  templateLanguageOf,
} from './template.ts';

const maxInclusions = 1_000;

/**
 * Parses a template of the prompt called `name` and puts included prompts in their places. Throws
 * `TEMPLATE_INVALID`, `DEPENDENCY_NOT_FOUND`, `DEPENDENCY_CYCLE`.
 */
export const expandTemplate = (
  document: PromptDocument,
  template: DocumentTemplate,
  { name, partialOf }: { readonly name: string; readonly partialOf: PartialOf },
): ExpandedNode[] => {
  const { nodes } = parseDocumentTemplate(document, template, name);
  return expandNodes(nodes, {
    chain: [name],
    where: formatPath(template.path),
    partialOf,
    budget: { spent: 0 },
  });
};

interface Expansion {
  /** The prompt itself and the inclusions that led here, outermost first. */
  readonly chain: readonly string[];
  readonly where: string;
  readonly partialOf: PartialOf;
  /** Shared by the whole template: inclusions that double at every level would grow without end. */
  readonly budget: { spent: number };
}

const expandNodes = (nodes: readonly TemplateNode[], expansion: Expansion): ExpandedNode[] =>
  nodes.flatMap((node): ExpandedNode[] => {
    if (node.kind === 'partial') return expandPartial(node, expansion);
    if (node.kind === 'section') return [{ ...node, children: expandNodes(node.children, expansion) }];
    return [node];
  });

const expandPartial = (
  { name, indentation }: Extract<TemplateNode, { kind: 'partial' }>,
  expansion: Expansion,
): ExpandedNode[] => {
  const content = includedContent(name, expansion);
  const text =
    indentation === '' ? content : content.replace(/(?:^|\n)(?=[^\r\n])/g, (start) => start + indentation);
  const template = { path: ['content'], text };
  // Only mustache includes, and only mustache is included: the default language.
  const { nodes } = parseDocumentTemplate({}, template, name);
  return expandNodes(nodes, { ...expansion, chain: [...expansion.chain, name], where: 'content' });
};

const includedContent = (name: string, expansion: Expansion): string => {
  const includer = expansion.chain.at(-1) ?? name;
  const invalid = (reason: string): Error =>
    promptvError('TEMPLATE_INVALID', { name: includer, reason, where: expansion.where });
  if (expansion.chain.includes(name)) {
    const circle = [...expansion.chain.slice(expansion.chain.indexOf(name)), name];
    throw promptvError('DEPENDENCY_CYCLE', { cycle: circle.join(' → ') });
  }
  expansion.budget.spent += 1;
  if (expansion.budget.spent > maxInclusions) throw invalid(`it has more than ${maxInclusions} inclusions`);
  const included = expansion.partialOf(name);
  if (!included) {
    throw promptvError('DEPENDENCY_NOT_FOUND', {
      name: includer,
      dependency: name,
      reason: 'does not exist',
    });
  }
  if (included.content === undefined) {
    throw invalid(`"{{> ${name}}}" includes a list of messages; only prompts with "content" can be included`);
  }
  const language = templateLanguageOf(included);
  if (language !== 'mustache')
    throw invalid(`"{{> ${name}}}" includes a template of another language: ${language}`);
  return included.content;
};
