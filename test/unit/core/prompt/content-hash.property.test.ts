import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { contentHash } from '../../../../src/core/prompt/content-hash.ts';
import type { PromptDocument } from '../../../../src/core/prompt/document.ts';
import { parsePromptText } from '../../../../src/store/prompt-text.ts';

const word = fc.stringMatching(/^[a-z][a-z ]{0,8}[a-z]$/);
const scalar = fc.oneof(word, fc.integer({ min: -1_000, max: 1_000 }), fc.boolean(), fc.constant(null));
const data = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(word, scalar, { maxKeys: 3 }),
  fc.dictionary(word, fc.dictionary(word, scalar, { maxKeys: 2 }), { maxKeys: 2 }),
);
const documents: fc.Arbitrary<PromptDocument> = fc.record(
  {
    content: fc.array(word, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n')),
    description: word,
    tags: fc.array(word, { maxLength: 3 }),
    metadata: fc.dictionary(word, data, { maxKeys: 3 }),
    jsonSchema: fc.dictionary(word, data, { maxKeys: 3 }),
    testData: fc.array(data, { maxLength: 3 }),
  },
  { requiredKeys: ['content'] },
);

const hashOfText = (text: string, path: string): string => {
  const { document, problems } = parsePromptText(new TextEncoder().encode(text), path);
  if (!document) throw new Error(JSON.stringify(problems));
  return contentHash(document);
};

const reverseKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reverseKeys(member)]),
  );
};

const layouts = fc.record({
  indent: fc.integer({ min: 1, max: 5 }),
  collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
  defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
  lineWidth: fc.constantFrom(0, 20, 80),
});

it('the content hash ignores layout, comments, line ends, format and the order of keys', () => {
  fc.assert(
    fc.property(documents, layouts, fc.boolean(), (document, layout, crlf) => {
      const { jsonSchema, ...rest } = document;
      const reordered = { ...Object(reverseKeys(rest)), ...(jsonSchema === undefined ? {} : { jsonSchema }) };
      const yaml = `# head\n${stringify(reordered, layout)}\n# foot\n`;
      const expected = contentHash(document);
      expect(hashOfText(crlf ? yaml.replaceAll('\n', '\r\n') : yaml, 'a.yaml')).toBe(expected);
      expect(hashOfText(JSON.stringify(reordered, null, layout.indent), 'a.json')).toBe(expected);
    }),
  );
});

/** Every way to change one value, key or length somewhere in the data. */
const mutations = (value: unknown): unknown[] => {
  if (Array.isArray(value)) {
    const inside = value.flatMap((item, index) =>
      mutations(item).map((mutated) => value.with(index, mutated)),
    );
    return [[...value, 'one more'], ...inside];
  }
  if (typeof value !== 'object' || value === null) return [`${String(value)}~`, [value], { value }];
  const entries = Object.entries(value);
  const inside = entries.flatMap(([key, member]) =>
    mutations(member).map((mutated) => ({ ...value, [key]: mutated })),
  );
  const renamed = entries.map(([key]) =>
    Object.fromEntries(entries.map(([name, member]) => [name === key ? `${name}~` : name, member])),
  );
  return [{ ...value, 'one more': 1 }, ...renamed, ...inside];
};

it('any change of the data changes the content hash', () => {
  fc.assert(
    fc.property(documents, fc.nat(), (document, choice) => {
      const changed = mutations(document);
      expect(contentHash(Object(changed[choice % changed.length]))).not.toBe(contentHash(document));
    }),
  );
});

it('the order inside a list and inside jsonSchema is data', () => {
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 4 }), (words) => {
      const schema = Object.fromEntries(words.map((key) => [key, 1]));
      const reversed = Object.fromEntries(Object.entries(schema).reverse());
      const hashes = [
        contentHash({ content: 'x', tags: words }),
        contentHash({ content: 'x', tags: words.toReversed() }),
        contentHash({ content: 'x', jsonSchema: schema }),
        contentHash({ content: 'x', jsonSchema: reversed }),
      ];
      expect(new Set(hashes).size).toBe(4);
    }),
  );
});
