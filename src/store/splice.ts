import { isDeepStrictEqual } from 'node:util';
import type { DocumentPath } from '../core/prompt/document.ts';
import { formatPath } from '../core/prompt/problem.ts';
import { promptvError } from '../errors.ts';
import { promptFormatOf, readTree } from './prompt-text.ts';
import { parseJsonText } from './prompt-text-json.ts';
import { findChild, findPlace, type TextEntry, type TextItem, type TextNode } from './prompt-text-tree.ts';
import { parseYamlText } from './prompt-text-yaml.ts';
import { insertMember, membersOf, removeMember } from './splice-members.ts';
import { replaceValue } from './splice-value.ts';
import type { Replacement, TextStyle } from './splice-write.ts';

/** Puts a value at a path (undefined takes the key or item away), or gives the key there another name. */
export type TextEdit =
  | { readonly path: DocumentPath; readonly value: unknown }
  | { readonly path: DocumentPath; readonly key: string };

/**
 * Applies edits to a person's text, replacing just the ranges of the values concerned: every other byte stays. The
 * file's path tells the format. Throws `FILE_NOT_EDITABLE` where that cannot be done without touching more.
 */
export const splicePromptText = (text: string, edits: readonly TextEdit[], path: string): string =>
  edits.reduce((edited, edit) => applyEdit(edited, edit, path), text);

const applyEdit = (text: string, edit: TextEdit, file: string): string => {
  const format = promptFormatOf(file);
  const before = parse(text, format);
  const root = readTree(text, format);
  if (before === undefined || root === null) throw notEditable(file, edit);
  const takesAway = 'key' in edit || edit.value === undefined;
  if (takesAway && findPlace(root, edit.path) === undefined) return text;
  // A copy has plain prototypes, as what is read back has; the comparison is strict about them.
  const after: unknown = structuredClone(editData(before, edit, edit.path));
  if (isDeepStrictEqual(after, before)) return text;
  const style: TextStyle = { text, eol: text.includes('\r\n') ? '\r\n' : '\n', json: format === 'json' };
  // Which way of writing a value is right depends on all that is around it, so each is tried and read again.
  for (const { start, end, text: replacement } of planEdit(style, { root, before, after }, edit)) {
    const edited = text.slice(0, start) + replacement + text.slice(end);
    if (isDeepStrictEqual(parse(edited, format), after)) return edited;
  }
  throw notEditable(file, edit);
};

const parse = (text: string, format: 'yaml' | 'json'): unknown => {
  const { value, problems } = format === 'json' ? parseJsonText(text) : parseYamlText(text);
  return problems.length > 0 ? undefined : value;
};

const notEditable = (path: string, edit: TextEdit): Error =>
  promptvError('FILE_NOT_EDITABLE', { path, where: formatPath(edit.path) });

interface Documents {
  readonly root: TextNode;
  readonly before: unknown;
  readonly after: unknown;
}

/** The replacements that may do it. Where the parent is missing too, or would be left empty, it is edited itself. */
const planEdit = (style: TextStyle, documents: Documents, edit: TextEdit): Replacement[] => {
  const { path } = edit;
  const last = path.at(-1);
  const parentPath = path.slice(0, -1);
  const parent = nodeAt(documents.root, parentPath);
  if (last === undefined) return [];
  if (parent === undefined || parent.kind === 'scalar') return planParent(style, documents, parentPath);
  const place = findChild(parent, last);
  if ('key' in edit) return place ? renameKey(style.text, place, edit.key) : [];
  if (edit.value !== undefined) {
    const change = { before: dataAt(documents.before, path), after: edit.value };
    const key = typeof last === 'string' ? last : null;
    return place
      ? replaceValue(style, { parent, place }, change)
      : insertMember(style, parent, { key, value: edit.value });
  }
  const members = membersOf(parent);
  if (!place) return [];
  return members.length === 1
    ? planParent(style, documents, parentPath)
    : removeMember(style, parent, members.indexOf(place));
};

const planParent = (style: TextStyle, documents: Documents, path: DocumentPath): Replacement[] => {
  const value = dataAt(documents.after, path);
  if (path.length > 0) return planEdit(style, documents, { path, value });
  const { start, end } = documents.root;
  return [{ start, end, text: JSON.stringify(value) }];
};

const nodeAt = (root: TextNode, path: DocumentPath): TextNode | undefined =>
  path.length === 0 ? root : findPlace(root, path)?.value;

const renameKey = (text: string, place: TextEntry | TextItem, key: string): Replacement[] => {
  if (!('end' in place)) return [];
  const { start, end } = place;
  const forms = { '"': [JSON.stringify(key)], "'": [`'${key.replaceAll("'", "''")}'`] }[
    text[start] ?? ''
  ] ?? [key];
  return [...forms, JSON.stringify(key)].map((form) => ({ start, end, text: form }));
};

const dataAt = (value: unknown, path: DocumentPath): unknown => path.reduce<unknown>(member, value);

const member = (value: unknown, part: string | number): unknown =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === String(part))?.[1]
    : undefined;

/** The data as the edit should leave it; mappings on the way that are missing or empty are made. */
const editData = (value: unknown, edit: TextEdit, [part, ...rest]: DocumentPath): unknown => {
  if (part === undefined) return 'value' in edit ? edit.value : value;
  if (Array.isArray(value) && typeof part === 'number') return editItem(value, edit, [part, ...rest]);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (rest.length === 0 && 'key' in edit) {
    return Object.fromEntries(entries.map(([key, item]) => [key === part ? edit.key : key, item]));
  }
  const edited = editData(member(value, part), edit, rest);
  const others = entries.some(([key]) => key === part)
    ? entries.map(([key, item]) => [key, key === part ? edited : item])
    : [...entries, [String(part), edited]];
  return Object.fromEntries(others.filter(([, item]) => item !== undefined));
};

const editItem = (
  items: readonly unknown[],
  edit: TextEdit,
  [index = 0, ...rest]: DocumentPath,
): unknown[] => {
  const edited = editData(items[Number(index)], edit, rest);
  const copy = [...items];
  copy.splice(Number(index), 1, ...(edited === undefined ? [] : [edited]));
  return copy;
};
