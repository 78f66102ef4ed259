import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTagName, parseTagName, tagRefName } from '../../../../src/core/version/tag-name.ts';
import { nameArbitrary, versionArbitrary } from './arbitraries.ts';

describe('tag names', () => {
  it('puts the version behind the name in the namespace', () => {
    const parts = { prefix: 'prompts', name: 'support/triage', version: '1.4.0' };
    expect(formatTagName(parts)).toBe('prompts/support/triage@1.4.0');
    expect(tagRefName(parts)).toBe('refs/tags/prompts/support/triage@1.4.0');
  });

  it('round-trips every name and version', () => {
    fc.assert(
      fc.property(
        nameArbitrary,
        versionArbitrary,
        fc.constantFrom('prompts', 'team/a'),
        (name, version, prefix) => {
          expect(parseTagName(prefix, formatTagName({ prefix, name, version }))).toEqual({ name, version });
        },
      ),
    );
  });

  it('gives for any text nothing, or parts that format to it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const tag = `prompts/${text}`;
        const parts = parseTagName('prompts', tag);
        if (parts) expect(formatTagName({ prefix: 'prompts', ...parts })).toBe(tag);
      }),
    );
  });

  it.each([
    'v1.0.0',
    'prompts/a',
    'prompts/a@',
    'prompts/@1.0.0',
    'prompts/a@1.0',
    'prompts/a@v1.0.0',
    'prompts/a@1.0.0+b',
    'prompts/a@b@1.0.0',
    'prompts/A@1.0.0',
    'prompts//a@1.0.0',
    'prompts/../a@1.0.0',
    'prompts/a b@1.0.0',
    'other/a@1.0.0',
    'refs/tags/prompts/a@1.0.0',
    `prompts/${'a'.repeat(101)}@1.0.0`,
  ])('takes %s for no version', (tag) => {
    expect(parseTagName('prompts', tag)).toBeNull();
  });
});
