import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { isPromptvError } from '../../../src/errors.ts';
import { parsePromptText, promptFormatOf, readTree } from '../../../src/store/prompt-text.ts';
import { findPlace } from '../../../src/store/prompt-text-tree.ts';
import { splicePromptText } from '../../../src/store/splice.ts';

const line = fc.stringMatching(/^[a-z{}'"#:,&*! -]{0,12}$/);
const text = fc.oneof(
  fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n')),
  fc.constantFrom('true', '1', '', '~', '{{> shared/tone}}', ' lead', 'trail ', 'a\n\n', '\n', 'é😀'),
);
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
const key = fc.stringMatching(/^[a-z][a-z/]{0,5}$/);
const value = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(key, fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })), { maxKeys: 3 }),
);
const documents = fc.dictionary(key, value, { minKeys: 1, maxKeys: 5 });

const layouts = fc.record({
  json: fc.boolean(),
  crlf: fc.boolean(),
  mark: fc.boolean(),
  comments: fc.boolean(),
  indent: fc.integer({ min: 1, max: 4 }),
  collectionStyle: fc.constantFrom('any' as const, 'flow' as const),
  lineWidth: fc.constantFrom(0, 20),
});

type Layout = typeof layouts extends fc.Arbitrary<infer T> ? T : never;

/** A comment at the end of the lines of simple values, and above and below all. */
const addComments = (yaml: string): string =>
  `# head\n${yaml.replace(/^( *[a-z/]+: (?:\d+|true|false))$/gm, '$1  # why')}# foot\n`;

const write = (data: unknown, layout: Layout): string => {
  const plain = layout.json ? `${JSON.stringify(data, null, layout.indent)}\n` : stringify(data, layout);
  const commented = layout.comments && !layout.json ? addComments(plain) : plain;
  return (layout.mark ? '\ufeff' : '') + (layout.crlf ? commented.replaceAll('\n', '\r\n') : commented);
};

it('an edit gives the data wanted and keeps every byte before and behind the value', () => {
  let edited = 0;
  fc.assert(
    fc.property(documents, layouts, fc.nat(), value, (data, layout, choice, after) => {
      const file = layout.json ? 'a.json' : 'a.yaml';
      const before = write(data, layout);
      const parsed = parsePromptText(new TextEncoder().encode(before), file).value;
      // With one blank of indentation, yaml writes texts that begin with a blank as something else.
      fc.pre(JSON.stringify(parsed) === JSON.stringify(data));
      const keys = Object.keys(Object(parsed));
      const path = [keys[choice % keys.length] ?? ''];
      const tree = readTree(before, promptFormatOf(file));
      const place = tree && findPlace(tree, path);
      if (!place) throw new Error('the place of a key is known');
      const spliced = splicePromptText(before, [{ path, value: after }], file);
      const { value: result } = parsePromptText(new TextEncoder().encode(spliced), file);
      expect(result).toEqual({ ...Object(parsed), [path[0] ?? '']: after });
      const head = before.slice(0, place.start);
      const tail = before.slice(place.value.end);
      expect(spliced.startsWith(head)).toBe(true);
      expect(spliced.endsWith(tail)).toBe(true);
      edited += 1;
    }),
    { numRuns: 400 },
  );
  expect(edited).toBeGreaterThan(300);
});

it('a key that is added and taken away again leaves the text as it was, or the edit is refused', () => {
  fc.assert(
    fc.property(documents, layouts, scalar, (data, layout, added) => {
      const file = layout.json ? 'a.json' : 'a.yaml';
      const before = write(data, layout);
      try {
        const more = splicePromptText(before, [{ path: ['zz-new'], value: added }], file);
        expect(splicePromptText(more, [{ path: ['zz-new'], value: undefined }], file)).toBe(before);
      } catch (error) {
        if (!isPromptvError(error)) throw error;
        expect(error.code).toBe('FILE_NOT_EDITABLE');
      }
    }),
    { numRuns: 300 },
  );
});
