import { describe, expect, it } from 'vitest';
import type { Selector, VersionSelector } from '../../../../src/core/version/reference.ts';
import {
  formatSelector,
  parseReference,
  parseSelector,
  selectVersion,
} from '../../../../src/core/version/reference.ts';
import { PromptvError } from '../../../../src/errors.ts';

const errorOf = (run: () => unknown): PromptvError => {
  try {
    run();
  } catch (error) {
    if (error instanceof PromptvError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('parseReference', () => {
  it.each<[string, string, Selector | null]>([
    ['support/triage', 'support/triage', null],
    ['support/triage@1.2.0', 'support/triage', { kind: 'version', version: '1.2.0' }],
    ['a@2.0.0-rc.1', 'a', { kind: 'version', version: '2.0.0-rc.1' }],
    ['a@latest', 'a', { kind: 'latest' }],
    ['a@next', 'a', { kind: 'next' }],
    ['a@working', 'a', { kind: 'working' }],
    ['a@candidate', 'a', { kind: 'candidate' }],
    ['a@git:HEAD~1', 'a', { kind: 'git', revision: 'HEAD~1' }],
    ['a@git:main@{1}', 'a', { kind: 'git', revision: 'main@{1}' }],
    ['a@git:prompts/a@1.0.0', 'a', { kind: 'git', revision: 'prompts/a@1.0.0' }],
    ['a@production', 'a', { kind: 'word', text: 'production' }],
    ['a@^1.0.0', 'a', { kind: 'word', text: '^1.0.0' }],
    ['a@>=1.0.0 <2.0.0', 'a', { kind: 'word', text: '>=1.0.0 <2.0.0' }],
    ['a@*', 'a', { kind: 'word', text: '*' }],
    ['a@v1.0.0', 'a', { kind: 'word', text: 'v1.0.0' }],
    ['prompts/x.yaml@1.0.0', 'prompts/x.yaml', { kind: 'version', version: '1.0.0' }],
    ['My Prompt.yaml', 'My Prompt.yaml', null],
    ['node_modules/@scope/x.yaml', 'node_modules/@scope/x.yaml', null],
    ['@scope/x.yaml@latest', '@scope/x.yaml', { kind: 'latest' }],
    ['C:\\@home\\x.yaml', 'C:\\@home\\x.yaml', null],
  ])('reads %s', (text, name, selector) => {
    expect(parseReference(text)).toEqual({ name, selector });
  });

  it.each([
    ['', 'name is missing'],
    ['@1.0.0', 'name is missing'],
    [' a', 'blank'],
    ['a @1.0.0', 'blank'],
    ['a\0b', 'control'],
    ['a\u202eb', 'control'],
    ['a@', 'selector is empty'],
    ['a@ 1.0.0', 'blank'],
    ['a@1.0.0\n', 'blank'],
    ['a@lat\u001best', 'control'],
    ['a@--upload-pack=x', 'no version'],
    ['a@-1', 'no version'],
    ['a@1.0.0+build', 'no version'],
    ['a@^^1', 'no version'],
    ['a@pro duction', 'no version'],
    ['a@git:', 'missing'],
    ['a@git:-x', 'begin with "-"'],
    ['a@git:--upload-pack=x', 'begin with "-"'],
    ['a@git:^main', 'begin with "^"'],
    ['a@git: main', 'blank'],
    ['a@git:HEAD:secret', 'one commit'],
    ['a@git:main..dev', 'one commit'],
    ['a@git:x\0', 'control'],
  ])('refuses %j', (text, reason) => {
    const error = errorOf(() => parseReference(text));
    expect(error.code).toBe('REF_INVALID');
    expect(error.details.reason).toContain(reason);
  });

  it('names the reference without its control characters', () => {
    expect(errorOf(() => parseReference('a@\u001b[2J')).message).toContain('a@\\u001b[2J');
  });
});

describe('parseSelector', () => {
  it('reads a selector that stands alone, and writes it back', () => {
    for (const text of ['1.2.0', 'latest', 'next', 'working', 'candidate', 'git:HEAD', 'staging', '~1.2']) {
      expect(formatSelector(parseSelector(text))).toBe(text);
    }
    expect(parseSelector('git:HEAD')).toEqual({ kind: 'git', revision: 'HEAD' });
    expect(errorOf(() => parseSelector('')).code).toBe('REF_INVALID');
  });
});

describe('selectVersion', () => {
  const known = {
    versions: ['1.0.0', '1.1.0', '1.10.0', '2.0.0-rc.1', '2.0.0-rc.2'],
    environments: ['development', 'production'],
  };

  it.each<[VersionSelector, object]>([
    [{ kind: 'version', version: '1.1.0' }, { version: '1.1.0' }],
    [{ kind: 'version', version: '1.2.0' }, { notFound: '1.2.0' }],
    [{ kind: 'latest' }, { version: '1.10.0' }],
    [{ kind: 'next' }, { version: '2.0.0-rc.2' }],
    [{ kind: 'word', text: 'production' }, { environment: 'production' }],
    [{ kind: 'word', text: 'staging' }, { notFound: 'staging' }],
    [{ kind: 'word', text: '^1.0.0' }, { version: '1.10.0' }],
    [{ kind: 'word', text: '^2.0.0' }, { notFound: '^2.0.0' }],
    [{ kind: 'word', text: '^2.0.0-rc.1' }, { version: '2.0.0-rc.2' }],
  ])('%j gives %j', (selector, expected) => {
    expect(selectVersion(selector, known)).toEqual(expected);
  });

  it('finds no latest among pre-releases alone', () => {
    expect(selectVersion({ kind: 'latest' }, { versions: ['1.0.0-rc.1'], environments: [] })).toEqual({
      notFound: 'latest',
    });
  });

  it('takes an environment before a range of the same spelling', () => {
    expect(selectVersion({ kind: 'word', text: '1' }, { ...known, environments: ['1'] })).toEqual({
      environment: '1',
    });
  });
});
