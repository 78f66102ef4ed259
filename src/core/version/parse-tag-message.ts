import { impacts } from '../impact/grade.ts';
import type { Pin } from '../prompt/document.ts';
import { promptNameProblem } from '../prompt/name.ts';
import { recordedBumps } from './bump.ts';
import { escapeCharacter, escapeControls } from './control-characters.ts';
import type { CiRecord, TagRecord } from './tag-message.ts';
import type { NamedVersion } from './tag-name.ts';
import { parseList, parseValue } from './tag-value.ts';
import { isMetaKey } from './user-message.ts';
import { parseVersion } from './version.ts';

/** The record of a well-formed message, or why it is none. */
type ParsedTagMessage = { readonly record: TagRecord } | { readonly invalid: string };

/**
 * Reads what `formatTagMessage` writes, given the name and version that the tag's own name says; a signature that
 * git appended is left out. Keys that this promptv does not know are ignored, so that later ones may add some.
 */
export const parseTagMessage = (tag: NamedVersion, text: string): ParsedTagMessage => {
  const subject = `${tag.name} ${tag.version}\n\n`;
  const content = stripSignature(text).replace(/\n+$/, '');
  if (!content.startsWith(subject)) return { invalid: `its subject is not "${subject.trim()}"` };
  const body = content.slice(subject.length);
  const end = body.lastIndexOf('\n\n');
  const message = end < 0 ? '' : body.slice(0, end);
  try {
    const fields = readFields(end < 0 ? body : body.slice(end + 2));
    return { record: readRecord(tag, fields, escapeMessage(message)) };
  } catch (error) {
    if (error instanceof Malformed) return { invalid: error.message };
    throw error;
  }
};

/** The message without the signature that git appended: all from the last line that begins one. */
export const stripSignature = (text: string): string => {
  if (!text.includes('-----BEGIN ')) return text;
  const starts = signatureStarts.map((start) => `\n${text}`.lastIndexOf(`\n${start}`));
  const start = Math.max(...starts);
  return start < 0 ? text : text.slice(0, start);
};

const signatureStarts = ['SSH SIGNATURE', 'PGP SIGNATURE', 'PGP MESSAGE', 'SIGNED MESSAGE'].map(
  (kind) => `-----BEGIN ${kind}-----`,
);

class Malformed extends Error {}

/** Key → value as it stands in the line; the pins apart, for only they repeat. */
interface Fields {
  readonly values: ReadonlyMap<string, string>;
  readonly pins: readonly string[];
}

const readFields = (paragraph: string): Fields => {
  const values = new Map<string, string>();
  const pins: string[] = [];
  for (const line of paragraph.split('\n')) {
    const keyEnd = line.indexOf(': ');
    const [key, value] = [line.slice(0, Math.max(keyEnd, 0)), line.slice(keyEnd + 2)];
    if (!keyPattern.test(key)) {
      throw new Malformed(`"${escapeControls(line.slice(0, 80))}" is not a "Key: value" line`);
    }
    if (values.has(key)) throw new Malformed(`${key} is there twice`);
    if (key === 'Pin') pins.push(value);
    else values.set(key, value);
  }
  return { values, pins };
};

const keyPattern = /^[A-Za-z][A-Za-z0-9-]*$/;

const readRecord = (tag: NamedVersion, fields: Fields, message: string): TagRecord => {
  const optional = <T>(key: string, parse: (text: string) => T | null): T | null => {
    const text = fields.values.get(key);
    return text === undefined ? null : readValue(key, text, parse);
  };
  const required = <T>(key: string, parse: (text: string) => T | null): T => {
    const value = optional(key, parse);
    if (value === null) throw new Malformed(`${key} is missing`);
    return value;
  };
  return {
    name: tag.name,
    version: required('Prompt-Version', oneOf([tag.version])),
    previousVersion: optional('Previous-Version', parseVersion),
    bump: required('Bump', readBump),
    impact: required('Impact', readImpact),
    contentHash: required('Content-Hash', readHash),
    blob: required('Blob', readObjectId),
    path: required('Path', parsePath),
    pins: readPins(fields.pins),
    renamedFrom: optional('Renamed-From', readName),
    authors: optional('Authors', parseList) ?? [],
    branch: optional('Branch', parseValue),
    commit: required('Commit', readObjectId),
    ci: readCi(optional),
    meta: readMeta(fields.values),
    message,
  };
};

const readValue = <T>(key: string, text: string, parse: (text: string) => T | null): T => {
  const value = parse(text);
  if (value === null) throw new Malformed(`${key} cannot be "${escapeControls(text.slice(0, 80))}"`);
  return value;
};

const oneOf =
  <T extends string>(options: readonly T[]) =>
  (text: string): T | null =>
    options.find((option) => option === text) ?? null;

const matching =
  (pattern: RegExp) =>
  (text: string): string | null =>
    pattern.test(text) ? text : null;

const readName = (text: string): string | null => (promptNameProblem(text) === null ? text : null);
const readBump = oneOf(recordedBumps);
const readImpact = oneOf(impacts);
const readHash = matching(/^sha256:[0-9a-f]{64}$/);
const readObjectId = matching(/^([0-9a-f]{40}|[0-9a-f]{64})$/);

/** A path inside the repository; without line ends, which the protocol of `git cat-file --batch` cannot carry. */
const parsePath = (text: string): string | null => {
  const path = parseValue(text);
  const isInside = path?.split('/').every((part) => !['', '.', '..'].includes(part)) ?? false;
  return isInside && !/[\n\0]/.test(path ?? '') ? path : null;
};

const readPins = (lines: readonly string[]): Pin[] => {
  const pins = lines.map((line) => readValue('Pin', line, parsePin));
  const names = new Set(pins.map(({ name }) => name));
  if (names.size < pins.length) throw new Malformed('two pins have the same name');
  return pins;
};

const parsePin = (text: string): Pin | null => {
  const [, name, version, contentHash] = /^([^@ ]+)@([^ ]+) (sha256:[0-9a-f]{64})$/.exec(text) ?? [];
  if (!name || !version || !contentHash) return null;
  return promptNameProblem(name) === null && parseVersion(version) ? { name, version, contentHash } : null;
};

const readCi = (
  optional: (key: string, parse: (text: string) => string | null) => string | null,
): CiRecord | null => {
  const provider = optional('CI-Provider', parseValue);
  const run = optional('CI-Run', parseValue);
  const url = optional('CI-Url', parseValue);
  if (provider === null && (run ?? url) !== null) throw new Malformed('CI-Provider is missing');
  return provider === null ? null : { provider, run, url };
};

const readMeta = (values: ReadonlyMap<string, string>): Record<string, string> => {
  const entries: [string, string][] = [];
  for (const [key, text] of values) {
    if (!key.startsWith('Meta-')) continue;
    const metaKey = key.slice('Meta-'.length);
    if (!isMetaKey(metaKey)) throw new Malformed(`${key} is no key`);
    entries.push([metaKey, readValue(key, text, parseValue)]);
  }
  return Object.fromEntries(entries);
};

/** Our own writer refuses control characters; in another's message they become visible instead of active. */
const escapeMessage = (message: string): string =>
  /^[\t\n -~]*$/.test(message)
    ? message.trim()
    : message.trim().replace(/(?![\t\n])\p{Cc}|\p{Cs}/gu, escapeCharacter);
