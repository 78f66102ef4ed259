import { describe, expect, it } from 'vitest';
import { createClient } from '../../../../src/client.ts';
import { checkBundle } from '../../../../src/core/bundle/check-bundle.ts';
import { bundleIntegrity, formatBundle, makeBundle } from '../../../../src/core/bundle/format-bundle.ts';
import { parseBundle } from '../../../../src/core/bundle/parse-bundle.ts';
import type { Bundle } from '../../../../src/core/bundle/schema.ts';
import { contentHash } from '../../../../src/core/prompt/content-hash.ts';
import { isPromptvError } from '../../../../src/errors.ts';
import { codeOf } from '../../../helpers/in-workspace.ts';

const tone = { content: 'Be kind.' };
const tonePin = { name: 'shared/tone', version: '1.0.0', contentHash: contentHash(tone) };
const greet = { content: '{{> shared/tone}} {{name}}', variables: [{ name: 'name' }] };
const greetHash = contentHash(greet, [tonePin]);

const sound = (): Bundle =>
  makeBundle({
    commit: 'a'.repeat(40),
    environments: { production: { greet: { version: '1.0.0', contentHash: greetHash } } },
    prompts: {
      'shared/tone': { '1.0.0': { contentHash: tonePin.contentHash, document: tone, pins: [] } },
      greet: { '1.0.0': { contentHash: greetHash, document: greet, pins: [tonePin] } },
    },
  });

/** A bundle changed by hand, by someone who knows how to compute the digest. */
const resealed = (change: (bundle: Bundle) => void): Bundle => {
  const bundle = structuredClone(sound());
  change(bundle);
  return { ...bundle, integrity: bundleIntegrity(bundle) };
};

const clientOf = (bundle: object) => createClient({ bundle, environment: 'production' });
const getOf = async (bundle: object) => (await clientOf(bundle)).get('greet', { variables: { name: 'Ada' } });

const entry = (bundle: Bundle, prompt: string) => {
  const found = bundle.prompts[prompt]?.['1.0.0'];
  if (!found) throw new Error(`no ${prompt}`);
  return found;
};

describe('a bundle', () => {
  it('has the same bytes in whatever order its content comes', () => {
    const { commit, environments, prompts } = sound();
    const reversed = Object.fromEntries(Object.entries(prompts).reverse());
    expect(formatBundle(makeBundle({ commit, environments, prompts: reversed }))).toBe(formatBundle(sound()));
    expect(Object.keys(makeBundle({ commit, environments, prompts: reversed }).prompts)).toEqual([
      'greet',
      'shared/tone',
    ]);
  });

  it('is read back as it was written, whatever its layout', async () => {
    const text = formatBundle(sound());
    expect(parseBundle(text, 'b')).toEqual(sound());
    expect((await getOf(JSON.parse(JSON.stringify(JSON.parse(text))))).text).toBe('Be kind. Ada');
    expect(checkBundle(sound())).toEqual([]);
  });

  it('may have keys of a later version', async () => {
    const bundle = resealed((it) => Object.assign(it, { salt: 'x', later: { a: { weights: [1, 2] } } }));
    expect((await getOf(bundle)).version).toBe('1.0.0');
    expect(checkBundle(bundle)).toEqual([]);
  });

  it('answers with a document that nobody can change', async () => {
    const { document } = await getOf(sound());
    expect(() => Object.assign(document, { content: 'x' })).toThrow(TypeError);
  });

  it('is refused when a byte of it was changed', async () => {
    const tampered = structuredClone(sound());
    entry(tampered, 'greet').document = { ...greet, content: 'Send your password, {{name}}' };
    expect(await codeOf(clientOf(tampered))).toBe('BUNDLE_INVALID');
    expect(checkBundle(tampered).map(({ id }) => id)).toEqual(['INTEGRITY', 'CONTENT']);
  });

  const inconsistencies: readonly (readonly [string, string, (bundle: Bundle) => void])[] = [
    [
      'a text without its hash',
      'CONTENT',
      (it) => void Object.assign(entry(it, 'greet'), { document: tone }),
    ],
    [
      'keys in another order that counts',
      'CONTENT',
      (it) => {
        const document = { ...greet, tools: { b: 1, a: 2 } };
        const { contentHash: _, ...rest } = entry(it, 'greet');
        const hash = contentHash({ ...greet, tools: { a: 2, b: 1 } }, [tonePin]);
        it.prompts.greet = { '1.0.0': { ...rest, contentHash: hash, document } };
        it.environments.production = { greet: { version: '1.0.0', contentHash: hash } };
      },
    ],
    [
      'no prompt document',
      'CONTENT',
      (it) => {
        const document = { content: 5 };
        it.prompts.greet = {
          '1.0.0': { contentHash: contentHash(JSON.parse('{"content":5}')), document, pins: [] },
        };
        it.environments.production = {
          greet: { version: '1.0.0', contentHash: contentHash(JSON.parse('{"content":5}')) },
        };
      },
    ],
    [
      'a pointer to a version that is not there',
      'POINTER',
      (it) => {
        it.environments.production = { greet: { version: '2.0.0', contentHash: greetHash } };
      },
    ],
    [
      'a pointer with another hash',
      'POINTER',
      (it) => {
        it.environments.production = { greet: { version: '1.0.0', contentHash: tonePin.contentHash } };
      },
    ],
    ['a partial that is not there', 'PIN', (it) => void delete it.prompts['shared/tone']],
  ];
  it.each(inconsistencies)('with %s is found out, although its digest fits', async (_, id, change) => {
    const bundle = resealed(change);
    expect(checkBundle(bundle).map((finding) => finding.id)).toEqual([id]);
    expect(await codeOf(getOf(bundle))).toBe('BUNDLE_INVALID');
  });

  it('serves what is not inconsistent', async () => {
    const bundle = resealed((it) => {
      it.environments.production = {
        ...it.environments.production,
        'shared/tone': { version: '1.0.0', contentHash: tonePin.contentHash },
      };
      entry(it, 'greet').document = { content: 'x' };
    });
    const client = await clientOf(bundle);
    expect(client.get('shared/tone').text).toBe('Be kind.');
    expect(() => client.get('greet')).toThrow('does not have its content hash');
  });
});

describe('what is no bundle', () => {
  const json = formatBundle(sound());
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const texts: readonly (readonly [string, string, RegExp])[] = [
    ['an empty text', '', /not JSON/],
    ['a truncated file', json.slice(0, json.length / 2), /not JSON/],
    ['another JSON', '[]', /it must be a mapping/],
    [
      'a list of prompts',
      json.replace(/"prompts": \{/, '"prompts": [{').replace(/\},\s+"integrity"/, '}],"integrity"'),
      /prompts: must be a mapping/,
    ],
    ['a later format', json.replace('"schemaVersion": 1', '"schemaVersion": 2'), /schemaVersion: /],
    [
      'a key of every prototype',
      json.replace('"prompts": {', '"prompts": {"__proto__": {"polluted": true},'),
      /__proto__/,
    ],
    ['the name of a path', json.replaceAll('"greet"', '"../greet"'), /"..\/greet" is no key here/],
    ['an option for a commit', json.replace('a'.repeat(40), '--output=x'), /commit: /],
    ['endless nesting', json.replace('"Be kind."', deep), /nested deeper/],
    ['no version number', json.replaceAll('"1.0.0"', '"1"'), /semantic version/],
  ];
  it.each(texts)('%s is refused with a code', (_, text, reason) => {
    const parse = () => parseBundle(text, 'b.json');
    expect(parse).toThrow(reason);
    expect(parse).toThrow(expect.toSatisfy((it) => isPromptvError(it) && it.code === 'BUNDLE_INVALID'));
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('tells every problem in the details', () => {
    const bad = { ...sound(), commit: 5, integrity: 'x', environments: { latest: {} } };
    try {
      parseBundle(JSON.stringify(bad), 'b');
      expect.unreachable();
    } catch (error) {
      expect(isPromptvError(error) && error.details.problems).toHaveLength(3);
    }
  });

  it('finds no name that every object inherits', async () => {
    const client = await clientOf(sound());
    for (const name of ['constructor', 'toString', '__proto__'])
      expect(() => client.get(name)).toThrow(`There is no prompt named ${name}`);
    const elsewhere = createClient({ bundle: sound(), environment: 'constructor' });
    expect(await codeOf(elsewhere)).toBe('ENVIRONMENT_NOT_FOUND');
  });
});
