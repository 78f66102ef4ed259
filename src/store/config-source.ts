import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import type { DocumentPath, Problem } from '../core/prompt/document.ts';
import { escapeControls } from '../core/version/control-characters.ts';

type Position = Pick<Problem, 'line' | 'column'>;

/** What a configuration file holds, or what keeps it from being read, and where each of its keys stands. */
interface ConfigSource {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** The position of a key or list entry, or of the nearest that is there around it. */
  readonly locate: (path: DocumentPath) => Position;
}

const maxBytes = 1024 * 1024;

/** Parses by the file's name: `package.json` gives its key `promptv`, other `.json` is JSON, all else YAML 1.2. */
export const parseConfigSource = (bytes: Uint8Array, fileName: string): ConfigSource => {
  if (bytes.length > maxBytes) return broken(`has ${bytes.length} bytes; it may have ${maxBytes}`);
  const text = decodeText(bytes);
  if (text === null) return broken('is not text in UTF-8');
  if (isDeeplyNested(text)) return broken('is nested too deeply');
  return fileName.endsWith('.json') ? parseJson(text, fileName === 'package.json') : parseYaml(text);
};

/**
 * Whether the text may have some hundred levels. The YAML parser calls itself for every level and goes on when the
 * stack is full, where V8 ends the process if it must compile a regular expression: "RegExpCompiler Allocation failed".
 */
const isDeeplyNested = (text: string): boolean => {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = '[{'.includes(bracket) ? depth + 1 : Math.max(0, depth - 1);
    if (depth > 100) return true;
  }
  return /^ {200}|([-?:][ \t]+){100}/m.test(text);
};

const decodeText = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

const start: Position = { line: 1, column: 1 };

const broken = (message: string, position: Position = start): ConfigSource => ({
  value: null,
  problems: [toProblem(message, position)],
  locate: () => start,
});

const toProblem = (message: string, position: Position): Problem => ({
  severity: 'error',
  message: escapeControls(message),
  path: [],
  ...position,
});

const parseYaml = (text: string): ConfigSource => {
  const { document, lines } = readDocument(text);
  const problems = [...document.errors, ...document.warnings].map((error) =>
    toProblem(error.message, positionAt(lines, error.pos[0])),
  );
  const source = { value: null, problems, locate: locator(document, lines) };
  if (problems.length > 0) return source;
  try {
    return { ...source, value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    // yaml throws this for an alias without anchor and for aliases that multiply ("billion laughs").
    if (error instanceof ReferenceError) return broken(error.message, locateBrokenAlias(document, lines));
    throw error;
  }
};

const locateBrokenAlias = (document: Document.Parsed, lines: LineCounter): Position => {
  let offset = 0;
  visit(document, {
    Alias: (_, alias) => {
      offset = alias.range?.[0] ?? 0;
      return alias.resolve(document) ? undefined : visit.BREAK;
    },
  });
  return positionAt(lines, offset);
};

const parseJson = (text: string, isManifest: boolean): ConfigSource => {
  const { document, lines } = readDocument(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // V8 tells the position of some errors only; its message quotes the place of the others.
    const offset = Number(/at position (\d+)/.exec(error.message)?.[1] ?? 0);
    return broken(`is not JSON: ${error.message}`, positionAt(lines, offset));
  }
  const locate = locator(document, lines);
  if (isManifest) return readManifestKey(value, locate);
  const problems = document.errors
    .filter(({ code }) => code === 'DUPLICATE_KEY')
    .map((error) => toProblem(error.message, positionAt(lines, error.pos[0])));
  return { value, problems, locate };
};

const readManifestKey = (manifest: unknown, locate: ConfigSource['locate']): ConfigSource => {
  const isMapping = typeof manifest === 'object' && manifest !== null;
  const [, value] = Object.entries(isMapping ? manifest : {}).find(([key]) => key === 'promptv') ?? [];
  if (value === undefined) return broken('has no key "promptv"');
  return { value, problems: [], locate: (path) => locate(['promptv', ...path]) };
};

/** JSON is read as YAML too, for the positions of its keys. */
const readDocument = (text: string) => {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
  });
  return { document, lines };
};

const positionAt = (lines: LineCounter, offset: number): Position => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
};

const locator =
  (document: Document.Parsed, lines: LineCounter): ConfigSource['locate'] =>
  (path) => {
    let node: unknown = document.contents;
    let offset = document.contents?.range[0] ?? 0;
    for (const part of path) {
      const child = findChild(isAlias(node) ? node.resolve(document) : node, part);
      if (!child) break;
      offset = child.offset ?? offset;
      node = child.node;
    }
    return positionAt(lines, offset);
  };

const findChild = (node: unknown, part: string | number): { node: unknown; offset?: number } | null => {
  if (isSeq(node)) {
    const item = typeof part === 'number' ? node.items[part] : undefined;
    return item === undefined ? null : { node: item, ...startOf(item) };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  return pair ? { node: pair.value, ...startOf(pair.key) } : null;
};

const startOf = (node: unknown): { offset?: number } =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
    ? { offset: Number(node.range[0]) }
    : {};
