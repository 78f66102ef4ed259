import type { TemplateNode } from './node.ts';
import type { View } from './view.ts';

/** The values in reach at a place of a template: the innermost section's, then those around it. */
export interface Scope {
  readonly value: unknown;
  readonly outer: Scope | null;
}

/** A template whose partials have been put in place. */
export type ExpandedNode =
  | Exclude<TemplateNode, { kind: 'section' } | { kind: 'partial' }>
  | (Omit<Extract<TemplateNode, { kind: 'section' }>, 'children'> & {
      readonly children: readonly ExpandedNode[];
    });

/** Fills a template. The dotted name of every value that is not there is added to `missing`. */
export const renderNodes = (nodes: readonly ExpandedNode[], scope: Scope, missing: Set<string>): string => {
  let text = '';
  for (const node of nodes) {
    if (node.kind === 'text') text += node.text;
    else if (node.kind === 'value') text += formatValue(lookUpOrNote(node.path, scope, missing));
    else text += renderSection(node, scope, missing);
  }
  return text;
};

type Section = Extract<ExpandedNode, { kind: 'section' }>;

/** As in mustache, a section over nothing, false, zero, an empty text or an empty list is skipped. */
const renderSection = ({ path, inverted, children }: Section, scope: Scope, missing: Set<string>): string => {
  const value = lookUp(path, scope);
  const isEmpty = !value || (Array.isArray(value) && value.length === 0);
  if (inverted) return isEmpty ? renderNodes(children, scope, missing) : '';
  if (isEmpty) return '';
  if (value === true) return renderNodes(children, scope, missing);
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => renderNodes(children, { value: item, outer: scope }, missing)).join('');
};

const lookUpOrNote = (path: readonly string[], scope: Scope, missing: Set<string>): unknown => {
  const value = lookUp(path, scope);
  if (value === undefined) missing.add(path.join('.'));
  return value;
};

/** The first name is sought outwards, the others inside what it found; an empty path is the section's own value. */
const lookUp = (path: readonly string[], scope: Scope): unknown => {
  const [first, ...rest] = path;
  if (first === undefined) return scope.value;
  let around: Scope | null = scope;
  while (around !== null && !hasMember(around.value, first)) around = around.outer;
  if (around === null) return undefined;
  return rest.reduce(member, member(around.value, first));
};

const isView = (value: unknown): value is View =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const hasMember = (value: unknown, name: string): boolean => isView(value) && name in value;

/** Of a list only its items: `length` and the methods are no data. */
const member = (value: unknown, name: string): unknown => {
  if (Array.isArray(value)) return /^\d+$/.test(name) ? value[Number(name)] : undefined;
  return isView(value) ? value[name] : undefined;
};

/** Text as it is, nothing for null, lists and objects as JSON. */
const formatValue = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
