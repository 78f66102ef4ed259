/** What a query of the configuration is filled with. */
export interface QueryValues {
  readonly prompt: string;
  readonly version: string;
  readonly environment: string;
  /** How far back the step goes. */
  readonly windowMs: number;
}

const names = ['prompt', 'version', 'environment', 'window'] as const;
type PlaceholderName = (typeof names)[number];

/** Where in PromQL a placeholder stands: between these quotes, in a matcher of regular expressions, or outside of texts. */
interface Place {
  readonly quote: '"' | "'" | '`' | null;
  readonly isPattern: boolean;
}

type Part =
  | { readonly text: string }
  | { readonly placeholder: string; readonly place: Place }
  | { readonly problem: string };

/** Why a text cannot be a query; null when it can. PromQL itself is the server's to judge. */
export const queryProblem = (query: string): string | null => {
  if (query.trim() === '') return 'is empty';
  for (const part of readParts(query)) {
    if ('problem' in part) return part.problem;
    if (!('placeholder' in part)) continue;
    const { placeholder, place } = part;
    if (!isName(placeholder))
      return `has {{${placeholder}}}; there are ${names.map((name) => `{{${name}}}`).join(', ')}`;
    if (placeholder !== 'window' && (place.quote === null || place.quote === '`'))
      return `must have {{${placeholder}}} between double or single quotes`;
  }
  return null;
};

/** The query with its placeholders filled: no value can end the text that it stands in. @throws TypeError for one with a problem */
export const fillQuery = (query: string, values: QueryValues): string =>
  [...readParts(query)]
    .map((part) => {
      if ('problem' in part || ('placeholder' in part && !isName(part.placeholder)))
        throw new TypeError(`Not a query: ${query}`);
      return 'text' in part ? part.text : fillPlace(part.placeholder, part.place, values);
    })
    .join('');

const isName = (name: string): name is PlaceholderName => names.some((known) => known === name);

const fillPlace = (name: string, { quote, isPattern }: Place, values: QueryValues): string => {
  if (name === 'window') return formatWindow(values.windowMs);
  const value = name === 'prompt' ? values.prompt : name === 'version' ? values.version : values.environment;
  if (quote === null || quote === '`') throw new TypeError(`{{${name}}} stands outside of quotes.`);
  return escapeText(isPattern ? escapePattern(value) : value, quote);
};

/** A rate needs two samples, so no window is shorter than a minute. */
const leastWindowMs = 60_000;

/** PromQL's spelling of a span, in whole seconds. */
const formatWindow = (windowMs: number): string => `${Math.ceil(Math.max(leastWindowMs, windowMs) / 1000)}s`;

/** As RE2 quotes a text; a matcher is anchored on both sides already. */
const escapePattern = (value: string): string => value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

/** PromQL's texts are those of Go. */
const escapeText = (value: string, quote: '"' | "'"): string =>
  value.replace(/[\\"'\x00-\x1f\x7f]/g, (char) => {
    if (char === '\\' || char === quote) return `\\${char}`;
    const isOtherQuote = char === '"' || char === "'";
    return isOtherQuote ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });

/** A text with its escapes, a comment, a placeholder, or anything up to the next of these. */
const token = /\{\{\s*([^{}]*?)\s*\}\}|(["'`])|#[^\n]*|[^"'`#{]+|\{/g;
const inText: Readonly<Record<string, RegExp>> = {
  '"': /\{\{\s*([^{}]*?)\s*\}\}|\\[\s\S]|(")|[^"\\{]+|\{/g,
  "'": /\{\{\s*([^{}]*?)\s*\}\}|\\[\s\S]|(')|[^'\\{]+|\{/g,
  '`': /\{\{\s*([^{}]*?)\s*\}\}|(`)|[^`{]+|\{/g,
};

function* readParts(query: string): Generator<Part> {
  let place: Place = { quote: null, isPattern: false };
  let before = '';
  for (let at = 0; at < query.length; ) {
    const pattern = new RegExp(inText[place.quote ?? ''] ?? token, 'y');
    pattern.lastIndex = at;
    const [text = query.slice(at), placeholder, quote] = pattern.exec(query) ?? [];
    if (placeholder !== undefined) yield { placeholder, place };
    else yield { text };
    if (quote !== undefined)
      place =
        place.quote === null
          ? { quote: quoteOf(quote), isPattern: /[=!]~\s*$/.test(before) }
          : { quote: null, isPattern: false };
    before = `${before}${text}`.slice(-20);
    at += text.length;
  }
  if (place.quote !== null) yield { problem: `has a text without its closing ${place.quote}` };
}

const quoteOf = (text: string): Place['quote'] => (text === '"' || text === "'" ? text : '`');
