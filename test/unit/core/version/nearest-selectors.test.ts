import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../../../src/core/prompt/name.ts';
import { nearestSelectors } from '../../../../src/core/version/nearest-selectors.ts';

const known = {
  versions: ['1.0.0', '1.10.0', '1.2.0', '2.0.0-rc.1'],
  environments: ['staging', 'production'],
};

describe('the nearest selectors', () => {
  it.each([
    ['1.3.0', ['1.2.0', '1.10.0']],
    ['9.9.9', ['2.0.0-rc.1']],
    ['0.1.0', ['1.0.0']],
    ['2.0.0', ['2.0.0-rc.1']],
    ['^7', ['2.0.0-rc.1']],
    ['lates', ['latest']],
    ['producton', ['production']],
    ['1.2.0a', ['1.2.0', '1.0.0']],
    ['constructor', []],
    ['__proto__', []],
  ])('of %s are %j', (wanted, expected) => {
    expect(nearestSelectors(wanted, known)).toEqual(expected);
  });

  it('of a prompt without versions are none', () => {
    expect(nearestSelectors('1.0.0', { versions: [], environments: [] })).toEqual([]);
    expect(nearestSelectors('^1', { versions: [], environments: [] })).toEqual([]);
  });
});

describe('the nearest names', () => {
  it('are told once each, however often they are known', () => {
    expect(nearestNames('greeet', ['greet', 'other', 'greet'])).toEqual(['greet']);
  });
});
