import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highestInRange, isRange } from '../../../../src/core/version/range.ts';
import {
  compareVersions,
  highestStable,
  highestVersion,
  isPrerelease,
  parseVersion,
  sortVersions,
} from '../../../../src/core/version/version.ts';
import { versionArbitrary } from './arbitraries.ts';

describe('parseVersion', () => {
  it.each(['1.0.0', '0.0.1', '2.0.0-rc.1', '1.2.3-feature-x.12', '10.20.30-0a.b'])('takes %s', (text) => {
    expect(parseVersion(text)).toBe(text);
  });

  it.each([
    'v1.0.0',
    '=1.0.0',
    ' 1.0.0',
    '1.0.0\n',
    '1.0',
    '1.0.0.0',
    '01.0.0',
    '1.0.0-01',
    '1.0.0+b',
    '1.0.0-',
    '',
    'latest',
    '1.0.9007199254740992',
  ])('refuses %j', (text) => {
    expect(parseVersion(text)).toBeNull();
  });
});

describe('order', () => {
  const ascending = [
    '0.9.0',
    '1.0.0-alpha.1',
    '1.0.0-rc.2',
    '1.0.0-rc.10',
    '1.0.0',
    '1.9.0',
    '1.10.0',
    '2.0.0-rc.1',
  ];

  it('sorts by number, not by text, and a pre-release below its release', () => {
    const shuffled = [...ascending].reverse();
    expect(sortVersions(shuffled)).toEqual(ascending);
    expect(shuffled[0]).toBe('2.0.0-rc.1');
  });

  it('finds the highest of all and the highest stable one', () => {
    expect(highestVersion(ascending)).toBe('2.0.0-rc.1');
    expect(highestStable(ascending)).toBe('1.10.0');
    expect(highestStable(['1.0.0-rc.1'])).toBeNull();
    expect(highestVersion([])).toBeNull();
  });

  it('agrees with compareVersions whatever the versions', () => {
    fc.assert(
      fc.property(fc.array(versionArbitrary, { minLength: 1 }), (versions) => {
        const sorted = sortVersions(versions);
        expect(highestVersion(versions)).toBe(sorted.at(-1));
        expect(highestStable(versions)).toBe(
          sorted.filter((version) => !isPrerelease(version)).at(-1) ?? null,
        );
        for (const [at, version] of sorted.slice(1).entries()) {
          expect(compareVersions(sorted[at] ?? '', version)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });

  it('throws on a text that is no version', () => {
    expect(() => compareVersions('1.0', '1.0.0')).toThrow(TypeError);
  });
});

describe('ranges', () => {
  it.each([
    ['^1.0.0', '1.10.0'],
    ['~1.0.0', '1.0.0'],
    ['1', '1.10.0'],
    ['>=1.0.0 <1.10.0', '1.9.0'],
    ['v1.9.0', '1.9.0'],
    ['*', '1.10.0'],
    ['>=2.0.0', null],
    ['>=2.0.0-rc.0', '2.0.0-rc.1'],
    ['1.x || >=2.0.0-rc.0', '1.10.0'],
    ['^3', null],
  ])('%s gives the highest stable match, a pre-release only when the range names one', (range, expected) => {
    expect(highestInRange(['1.0.0', '1.9.0', '1.10.0', '2.0.0-rc.1'], range)).toBe(expected);
  });

  it.each(['', '  ', 'latest', '>>1', '1.0.0+build', '--upload-pack=x'])('%j is no range', (text) => {
    expect(isRange(text)).toBe(false);
    expect(highestInRange(['1.0.0'], text)).toBeNull();
  });
});
