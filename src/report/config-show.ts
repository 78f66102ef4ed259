import type { ConfigOrigin } from '../core/config/origins.ts';
import type { ConfigShowResult } from '../operations/config-show.ts';
import type { Display } from './display.ts';
import { createPaint, type Paint } from './paint.ts';
import { sanitize, sanitizeLine } from './text.ts';
import { measureWidth } from './width.ts';

interface ConfigLine {
  readonly text: string;
  readonly origin: ConfigOrigin | null;
}

/** The configuration in force as YAML, each value with a comment that says where it comes from. */
export const formatConfigShow = (result: ConfigShowResult, display: Display): string => {
  const paint = createPaint(display);
  const source =
    result.path === null
      ? 'no configuration file: "promptv init" writes one'
      : `${sanitizeLine(result.path)} in ${sanitizeLine(result.workspace)}`;
  const lines = formatMapping(entriesOf(result.config), { path: '', depth: 0, origins: result.origins });
  const width = lines.reduce((most, line) => Math.max(most, Math.min(60, measureWidth(line.text))), 0);
  return [paint.dim(`# ${source}`), ...lines.map((line) => formatLine(line, width, paint))].join('\n');
};

const formatLine = ({ text, origin }: ConfigLine, width: number, paint: Paint): string => {
  if (origin === null) return text;
  const comment = `# ${origin}`;
  const space = ' '.repeat(Math.max(0, width - measureWidth(text)) + 2);
  return text + space + (origin === 'file' ? paint.good(comment) : paint.dim(comment));
};

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

interface Place {
  /** The dotted key of the mapping; empty at the top. */
  readonly path: string;
  readonly depth: number;
  readonly origins: ConfigShowResult['origins'];
}

const formatMapping = (entries: readonly (readonly [string, unknown])[], place: Place): ConfigLine[] =>
  entries.flatMap(([key, value]): ConfigLine[] => {
    const path = place.path === '' ? key : `${place.path}.${key}`;
    const label = `${'  '.repeat(place.depth)}${formatScalar(key)}:`;
    const inner = entriesOf(value);
    if (isListOfMappings(value)) {
      const origin = originOf(path, place.origins);
      return [{ text: label, origin }, ...value.flatMap((item) => formatItem(item, place.depth + 1))];
    }
    if (inner.length === 0) {
      return [{ text: `${label} ${formatScalar(value)}`, origin: originOf(path, place.origins) }];
    }
    return [
      { text: label, origin: null },
      ...formatMapping(inner, { ...place, path, depth: place.depth + 1 }),
    ];
  });

const isListOfMappings = (value: unknown): value is readonly object[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => entriesOf(item).length > 0);

/** A mapping in a list: its first key stands behind the dash. */
const formatItem = (item: object, depth: number): ConfigLine[] =>
  entriesOf(item).map(([key, value], index) => {
    const start = '  '.repeat(depth) + (index === 0 ? '- ' : '  ');
    return { text: `${start}${formatScalar(key)}: ${formatScalar(value)}`, origin: null };
  });

/** The origin of the key, or of the nearest key around it. */
const originOf = (path: string, origins: ConfigShowResult['origins']): ConfigOrigin => {
  if (Object.hasOwn(origins, path)) return origins[path] ?? 'default';
  const dot = path.lastIndexOf('.');
  return dot === -1 ? 'default' : originOf(path.slice(0, dot), origins);
};

const plainScalar = /^[A-Za-z_][\w./@^~-]*$/;
const reservedWord = /^(?:true|false|null|yes|no|on|off)$/i;

/** A value on one line of YAML: words as they are, all else as JSON, which YAML reads. */
const formatScalar = (value: unknown): string => {
  if (typeof value === 'string' && plainScalar.test(value) && !reservedWord.test(value)) return value;
  if (Array.isArray(value)) return `[${value.map(formatScalar).join(', ')}]`;
  return sanitize(JSON.stringify(value) ?? 'null');
};
