import { createHash } from 'node:crypto';
import { recordOf } from './data-rules.ts';
import type { Pin, PromptDocument } from './document.ts';

/** The top-level keys below which the order of keys reaches the model, and so is content. */
const orderedKeys: ReadonlySet<string> = new Set(['jsonSchema', 'responseFormat', 'tools']);

/** JSON of plain data with keys sorted by code unit at every depth and `\r\n` in strings as `\n`; no white space. */
export const canonicalJson = (value: unknown): string => writeJson(value, true);

/**
 * What identifies a prompt's content: `sha256:` and 64 hex digits over its data and its pins. Layout, comments and
 * the order of keys do not count, except the order inside `jsonSchema`, `responseFormat` and `tools`.
 */
export const contentHash = (document: PromptDocument, pins: readonly Pin[] = []): string => {
  const body = writeMembers(recordOf(document), Object.keys(document).sort(), (key) => !orderedKeys.has(key));
  // Canonical JSON holds no raw line break, so no document can imitate one with pins.
  const hashed = pins.length === 0 ? body : `${body}\n${canonicalJson(sortedPins(pins))}`;
  return `sha256:${createHash('sha256').update(hashed, 'utf8').digest('hex')}`;
};

/** A copy with its keys sorted at every depth, except where their order is content. */
export const orderDocument = (document: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    sortedEntries(document).map(([key, value]) => [key, orderedKeys.has(key) ? value : orderKeys(value)]),
  );

const orderKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(orderKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(sortedEntries(value).map(([key, member]) => [key, orderKeys(member)]));
};

const sortedPins = (pins: readonly Pin[]): Pin[] =>
  [...pins]
    .sort((a, b) => compareText(a.name, b.name))
    .map((pin) => ({ name: pin.name, version: pin.version, contentHash: pin.contentHash }));

/** A plain loop: a sweep writes a thousand documents before the engine has optimised anything. */
const writeJson = (value: unknown, sorted: boolean): string => {
  if (typeof value === 'string') return writeText(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return writeList(value, sorted);
  const members = recordOf(value);
  const keys = Object.keys(members);
  return writeMembers(members, sorted ? keys.sort() : keys, () => sorted);
};

const writeList = (items: readonly unknown[], sorted: boolean): string => {
  let json = '';
  for (const item of items) json += json === '' ? writeJson(item, sorted) : `,${writeJson(item, sorted)}`;
  return `[${json}]`;
};

const writeMembers = (
  members: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  isSorted: (key: string) => boolean,
): string => {
  let json = '';
  for (const key of keys) {
    const member = members[key];
    // As in JSON, a member that is undefined is not there.
    if (member === undefined) continue;
    if (json !== '') json += ',';
    json += `${writeKey(key)}:${writeJson(member, isSorted(key))}`;
  }
  return `{${json}}`;
};

const writeText = (text: string): string =>
  JSON.stringify(text.includes('\r') ? text.replaceAll('\r\n', '\n') : text);

/** The same few keys stand in every document. */
const writeKey = (key: string): string => {
  const known = writtenKeys.get(key);
  if (known !== undefined) return known;
  const json = JSON.stringify(key);
  if (writtenKeys.size > 10_000) writtenKeys.clear();
  writtenKeys.set(key, json);
  return json;
};

const writtenKeys = new Map<string, string>();

const sortedEntries = (value: object): [string, unknown][] =>
  Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => compareText(a, b));

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
