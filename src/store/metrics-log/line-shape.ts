import { dimensionFields, dimensionIndex, isDimensionField } from '../../core/metrics/names.ts';
import { isPlain } from './byte-reader.ts';

/** What stands after a stretch of punctuation and keys, and how it is taken. */
export const nodeKinds = {
  start: 0,
  end: 1,
  time: 2,
  dimension: 3,
  id: 4,
  metric: 5,
  text: 6,
  number: 7,
  none: 8,
  unit: 9,
};

const maxNodes = 1000;
const maxEdges = 4000;
const maxLiteral = 240;

interface Key {
  readonly path: string;
  readonly container: string | null;
  /** True when the container's brace stands just before it. */
  readonly isFirstInside: boolean;
  /** Position of the value. */
  readonly at: number;
}

/**
 * The shapes of lines met so far, as a graph: a node is a value, an edge the exact bytes between two values (keys,
 * punctuation, blanks, literals such as `null`). A line that follows known edges is read by comparing these bytes;
 * elsewhere `learn` reads them strictly once. What it does not take in (escaped keys, nested values) is left to a parser.
 */
export class LineShape {
  readonly kind: number[] = [nodeKinds.start];
  /** Index of the dimension or slot of the metric. */
  readonly slot: number[] = [0];
  /** Number of the key's path: a line that meets one twice has a duplicate key. */
  readonly path: number[] = [0];
  readonly target: number[] = [];
  /** Path of an object that the edge opens, or -1. */
  readonly opens: number[] = [];
  readonly literalStart: number[] = [];
  readonly literalLength: number[] = [];
  /** Edges that leave a node, the latest learned last. */
  readonly edgesOf: number[][] = [[]];
  readonly literals = new Uint8Array(maxEdges * 32);
  readonly paths = new Map<string, number>([['', 0]]);
  readonly #nodes = new Map<string, number>();
  readonly #container: (string | null)[] = [null];
  readonly #metricSlot: (name: string) => number;
  #literalsEnd = 0;

  constructor(metricSlot: (name: string) => number) {
    this.#metricSlot = metricSlot;
    for (const path of ['ts', 'prompt', 'status', 'id']) this.#pathNumber(path);
  }

  /** Adds the edge that leads from the end of `node`'s value at `at`, or returns -1 where the line is not simple. */
  learn(bytes: Buffer, at: number, node: number): number {
    if (this.kind.length >= maxNodes || this.target.length >= maxEdges) return -1;
    const container = this.#container[node] ?? null;
    const end = node === 0 ? -1 : readLineEnd(bytes, at, container);
    if (end >= 0)
      return this.#addEdge(bytes, node, { from: at, to: end, target: this.#endNode(), opens: -1 });
    const key = readKey(bytes, at, node === 0, container);
    if (key === null) return -1;
    const value = this.#readValue(bytes, key);
    if (value === null) return -1;
    const opens = key.isFirstInside && key.container !== null ? this.#pathNumber(key.container) : -1;
    return this.#addEdge(bytes, node, { from: at, to: value.from, target: value.node, opens });
  }

  #readValue(bytes: Buffer, key: Key): { from: number; node: number } | null {
    const first = bytes[key.at] ?? 0;
    const isText = first === 0x22;
    const isNumber = first === 0x2d || (first >= 0x30 && first <= 0x39);
    const kind = kindOf(key, isText, isNumber);
    if (kind !== null) return { from: isText ? key.at + 1 : key.at, node: this.#node(key, kind) };
    const literal = readLiteral(bytes, key);
    return literal === null ? null : { from: key.at + literal, node: this.#node(key, nodeKinds.none) };
  }

  #node(key: Key, kind: number): number {
    const name = `${kind} ${key.path}`;
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const slot =
      kind === nodeKinds.metric
        ? this.#metricSlot(key.path.slice('metrics\n'.length))
        : dimensionIndex(key.path);
    return this.#addNode(name, { kind, slot, path: this.#pathNumber(key.path), container: key.container });
  }

  #endNode(): number {
    const known = this.#nodes.get('end');
    return known ?? this.#addNode('end', { kind: nodeKinds.end, slot: 0, path: 0, container: null });
  }

  #addNode(
    name: string,
    node: { kind: number; slot: number; path: number; container: string | null },
  ): number {
    this.kind.push(node.kind);
    this.slot.push(node.slot);
    this.path.push(node.path);
    this.#container.push(node.container);
    const number = this.edgesOf.push([]) - 1;
    this.#nodes.set(name, number);
    return number;
  }

  #pathNumber(path: string): number {
    const number = this.paths.get(path) ?? this.paths.size;
    this.paths.set(path, number);
    return number;
  }

  #addEdge(
    bytes: Buffer,
    node: number,
    edge: { from: number; to: number; target: number; opens: number },
  ): number {
    const length = edge.to - edge.from;
    if (length > maxLiteral || this.#literalsEnd + length + 8 > this.literals.length) return -1;
    this.literals.set(bytes.subarray(edge.from, edge.to), this.#literalsEnd);
    this.literalStart.push(this.#literalsEnd);
    this.literalLength.push(length);
    this.#literalsEnd += length;
    this.opens.push(edge.opens);
    const number = this.target.push(edge.target) - 1;
    this.edgesOf[node]?.push(number);
    return number;
  }
}

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0d;

const skipBlanks = (bytes: Buffer, from: number): number => {
  let at = from;
  while (isBlank(bytes[at] ?? 0)) at += 1;
  return at;
};

/** The position after the newline when only closing braces stand before it, else -1. */
const readLineEnd = (bytes: Buffer, from: number, container: string | null): number => {
  let at = skipBlanks(bytes, from);
  for (let open = container === null ? 1 : 2; open > 0; open -= 1) {
    if (bytes[at] !== 0x7d) return -1;
    at = skipBlanks(bytes, at + 1);
  }
  return bytes[at] === 0x0a ? at + 1 : -1;
};

/** The next key, where `from` is after a value (or, `isFirst`, at the line's start) inside `container`. */
const readKey = (bytes: Buffer, from: number, isFirst: boolean, container: string | null): Key | null => {
  let at = skipBlanks(bytes, from);
  let inside = container;
  if (inside !== null && bytes[at] === 0x7d) {
    inside = null;
    at = skipBlanks(bytes, at + 1);
  }
  if (bytes[at] !== (isFirst ? 0x7b : 0x2c)) return null;
  const key = readName(bytes, at + 1);
  if (key === null) return null;
  if (inside !== null)
    return { path: joinPath(inside, key.name), container: inside, isFirstInside: false, at: key.at };
  if ((key.name !== 'metrics' && key.name !== 'meta') || bytes[key.at] !== 0x7b)
    return { path: key.name, container: null, isFirstInside: false, at: key.at };
  const inner = readName(bytes, key.at + 1);
  if (inner !== null)
    return { path: joinPath(key.name, inner.name), container: key.name, isFirstInside: true, at: inner.at };
  return { path: key.name, container: null, isFirstInside: false, at: key.at };
};

/** No key has a newline, so a key with a dot is never taken for a nested one. */
const joinPath = (container: string, name: string): string => `${container}\n${name}`;

/** A key of plain characters and its colon. */
const readName = (bytes: Buffer, from: number): { name: string; at: number } | null => {
  const start = skipBlanks(bytes, from);
  if (bytes[start] !== 0x22) return null;
  let end = start + 1;
  while (isPlain(bytes[end] ?? 0)) end += 1;
  if (bytes[end] !== 0x22) return null;
  const colon = skipBlanks(bytes, end + 1);
  const name = bytes.toString('latin1', start + 1, end);
  if (bytes[colon] !== 0x3a || name === '__proto__' || name === '') return null;
  return { name, at: skipBlanks(bytes, colon + 1) };
};

/** How a text or number of a key is taken; null for other values, and for texts and numbers where they do not belong. */
const kindOf = (key: Key, isText: boolean, isNumber: boolean): number | null => {
  if (key.container === 'metrics') return isNumber ? nodeKinds.metric : null;
  if (key.container === null && key.path === 'ts') return isText ? nodeKinds.time : null;
  if (key.container === null && key.path === 'id') return isText ? nodeKinds.id : null;
  if (key.container === null && key.path === 'unit') return isText ? nodeKinds.unit : null;
  if (key.container === null && isDimensionField(key.path)) return isText ? nodeKinds.dimension : null;
  if (key.path === 'metrics' || key.path === 'meta') return null;
  if (isText) return nodeKinds.text;
  return isNumber ? nodeKinds.number : null;
};

/** Length of a value that is taken as part of the edge: a word, an empty object, a list of names. */
const readLiteral = (bytes: Buffer, key: Key): number | null => {
  const text = bytes.toString('latin1', key.at, key.at + maxLiteral);
  const isNull = /^null(?=[\s,}])/.exec(text);
  if (isNull !== null && key.path !== 'ts' && key.path !== 'prompt') return isNull[0].length;
  if (key.path === 'metrics' || key.path === 'meta') return /^\{[ \t]*\}/.exec(text)?.[0].length ?? null;
  const isFree = key.container === 'meta' || !typedPaths.has(key.path);
  if (key.container === 'metrics' || !isFree) return null;
  return /^(true|false)(?=[\s,}])|^\["[\w.]+"(, ?"[\w.]+")*\]/.exec(text)?.[0].length ?? null;
};

const typedPaths: ReadonlySet<string> = new Set(['ts', 'id', 'unit', ...dimensionFields]);
