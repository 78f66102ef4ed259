import { describe, expect, it } from 'vitest';
import { canonicalJson, contentHash } from '../../../../src/core/prompt/content-hash.ts';
import type { Pin } from '../../../../src/core/prompt/document.ts';

const pin = (name: string, version = '1.0.0'): Pin => ({
  name,
  version,
  contentHash: `sha256:${'0'.repeat(64)}`,
});

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ a: 'x\r\ny', b: undefined }, '{"a":"x\\ny"}'],
    [{ 10: 1, 9: 2 }, '{"10":1,"9":2}'],
    [{ é: 1, z: 2 }, '{"z":2,"é":1}'],
    [1.0, '1'],
    [undefined, 'null'],
  ])('of %j is %s', (value, json) => {
    expect(canonicalJson(value)).toBe(json);
  });

  it('keeps a key named __proto__', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"b":1,"a":2}}'))).toBe('{"__proto__":{"a":2,"b":1}}');
  });
});

describe('the content hash', () => {
  it('is the SHA-256 of the canonical JSON', () => {
    // printf '{"content":"Hello"}' | sha256sum
    expect(contentHash({ content: 'Hello' })).toBe(
      'sha256:4463b468c94d399dd6e540df3c055c88c7c4bf423189d5e63d9c6b7c1075138e',
    );
  });

  it.each(['jsonSchema', 'responseFormat', 'tools'])('keeps the order of keys inside %s', (key) => {
    const one = contentHash({ content: 'x', [key]: { a: { c: 1, d: 2 }, b: 1 } });
    const other = contentHash({ content: 'x', [key]: { a: { d: 2, c: 1 }, b: 1 } });
    expect(one).not.toBe(other);
  });

  it('does not keep the order of keys elsewhere, even below a key of such a name', () => {
    const one = contentHash({ content: 'x', metadata: { tools: { a: 1, b: 2 } } });
    expect(contentHash({ metadata: { tools: { b: 2, a: 1 } }, content: 'x' })).toBe(one);
  });

  it('tells a schema given as text from one given as a mapping', () => {
    const asMapping = contentHash({ content: 'x', jsonSchema: { type: 'object' } });
    expect(contentHash({ content: 'x', jsonSchema: '{"type":"object"}' })).not.toBe(asMapping);
  });

  it('counts pins by name, version and hash, in any order', () => {
    const document = { content: 'x' };
    const both = contentHash(document, [pin('a'), pin('b')]);
    expect(contentHash(document, [pin('b'), pin('a')])).toBe(both);
    expect(contentHash(document, [pin('a'), pin('b', '1.0.1')])).not.toBe(both);
    expect(contentHash(document, [{ ...pin('a'), contentHash: 'sha256:1' }, pin('b')])).not.toBe(both);
    expect(contentHash(document, [pin('a')])).not.toBe(contentHash(document));
    expect(contentHash(document, [])).toBe(contentHash(document));
  });
});
