import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { impacts } from '../../../../src/core/impact/grade.ts';
import { bumps } from '../../../../src/core/version/bump.ts';
import {
  isComparable,
  planTarget,
  planVersion,
  type VersionRequest,
} from '../../../../src/core/version/plan-version.ts';
import { compareVersions, parseVersion } from '../../../../src/core/version/version.ts';
import { PromptvError } from '../../../../src/errors.ts';
import { preidArbitrary, versionArbitrary } from './arbitraries.ts';

const plan = (changes: Partial<VersionRequest>) =>
  planVersion({ versions: [], impact: 'patch', defaultPreid: 'rc', ...changes });

const errorOf = (run: () => unknown): PromptvError => {
  try {
    run();
  } catch (error) {
    if (error instanceof PromptvError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('the number of a stable version', () => {
  it.each<[string, Partial<VersionRequest>, string, string | null, string]>([
    ['the first is 1.0.0', { impact: 'major' }, '1.0.0', null, 'initial'],
    ['the first is 1.0.0 whatever the bump', { bump: 'major' }, '1.0.0', null, 'initial'],
    ['a patch', { versions: ['1.0.0'] }, '1.0.1', '1.0.0', 'patch'],
    ['a minor change', { versions: ['1.0.3'], impact: 'minor' }, '1.1.0', '1.0.3', 'minor'],
    ['a major change', { versions: ['1.2.3'], impact: 'major' }, '2.0.0', '1.2.3', 'major'],
    ['no impact counts as a patch', { versions: ['1.0.0'], impact: 'none' }, '1.0.1', '1.0.0', 'patch'],
    [
      'auto takes the impact',
      { versions: ['1.0.0'], impact: 'minor', bump: 'auto' },
      '1.1.0',
      '1.0.0',
      'minor',
    ],
    ['an explicit bump above the impact', { versions: ['1.0.0'], bump: 'major' }, '2.0.0', '1.0.0', 'major'],
    ['the highest counts, not the last', { versions: ['1.10.0', '1.9.0'] }, '1.10.1', '1.10.0', 'patch'],
    ['a branch rule', { versions: ['1.0.0'], branchBump: 'minor' }, '1.1.0', '1.0.0', 'minor'],
    [
      'an explicit bump wins over the rule',
      { versions: ['1.0.0'], branchBump: 'minor', bump: 'patch' },
      '1.0.1',
      '1.0.0',
      'patch',
    ],
    [
      'explicit auto wins over the rule',
      { versions: ['1.0.0'], branchBump: 'major', bump: 'auto' },
      '1.0.1',
      '1.0.0',
      'patch',
    ],
    [
      'a rule that says auto',
      { versions: ['1.0.0'], impact: 'major', branchBump: 'auto' },
      '2.0.0',
      '1.0.0',
      'major',
    ],
  ])('%s', (_, changes, version, previousVersion, bump) => {
    expect(plan(changes)).toEqual({ version, previousVersion, bump, belowImpact: false });
  });

  it.each<[string, Partial<VersionRequest>, string]>([
    ['patch', { versions: ['1.0.0'], taken: ['1.0.1', '1.0.2'] }, '1.0.3'],
    ['minor', { versions: ['1.0.0'], taken: ['1.1.0'], impact: 'minor' }, '1.2.0'],
    ['major', { versions: ['1.0.0'], taken: ['2.0.0'], impact: 'major' }, '3.0.0'],
    ['first', { taken: ['1.0.0'] }, '1.0.1'],
    ['high, which is no base', { versions: ['1.0.0'], taken: ['7.0.0'] }, '1.0.1'],
    [
      'release of the candidate',
      { versions: ['1.0.0', '2.0.0-rc.1'], taken: ['2.0.0'], impact: 'major' },
      '3.0.0',
    ],
  ])('skips a number that an invalid tag holds: %s', (_, changes, version) => {
    expect(plan(changes).version).toBe(version);
  });
});

describe('a release after candidates', () => {
  const versions = ['1.0.0', '2.0.0-rc.1', '2.0.0-rc.2'];

  it.each<[string, Partial<VersionRequest>, string, string]>([
    ['a plain save releases the candidate', { versions }, '2.0.0', 'major'],
    ['so does auto', { versions, bump: 'auto', impact: 'major' }, '2.0.0', 'major'],
    [
      'so does a save under a branch rule',
      { versions, branchBump: 'patch', impact: 'major' },
      '2.0.0',
      'major',
    ],
    ['--bump major meets it', { versions, bump: 'major' }, '2.0.0', 'major'],
    ['--bump patch is a hot fix beside it', { versions, bump: 'patch' }, '1.0.1', 'patch'],
    [
      'a candidate that is too small for the change is passed',
      { versions: ['1.0.0', '1.0.1-rc.1'], impact: 'minor' },
      '1.1.0',
      'minor',
    ],
    [
      'a candidate below the highest stable counts no more',
      { versions: ['1.0.0', '1.1.0-rc.1', '1.1.0'] },
      '1.1.1',
      'patch',
    ],
  ])('%s', (_, changes, version, bump) => {
    expect(plan(changes)).toEqual({
      version,
      previousVersion: '1.1.0' === changes.versions?.at(-1) ? '1.1.0' : '1.0.0',
      bump,
      belowImpact: false,
    });
  });

  it('a candidate alone is released as the first version', () => {
    expect(plan({ versions: ['1.0.0-rc.3'], impact: 'major' })).toEqual({
      version: '1.0.0',
      previousVersion: null,
      bump: 'initial',
      belowImpact: false,
    });
  });
});

describe('the number of a pre-release', () => {
  it.each<[string, Partial<VersionRequest>, string, string | null]>([
    ['the first', { bump: 'prerelease' }, '1.0.0-rc.1', null],
    [
      'the counter goes on',
      { versions: ['1.0.0-rc.1'], bump: 'prerelease', impact: 'major' },
      '1.0.0-rc.2',
      '1.0.0-rc.1',
    ],
    [
      'by number, not by text',
      { versions: ['1.0.0-rc.9', '1.0.0-rc.10'], bump: 'prerelease' },
      '1.0.0-rc.11',
      '1.0.0-rc.10',
    ],
    [
      'of the next number by impact',
      { versions: ['1.0.0'], bump: 'prerelease', impact: 'minor' },
      '1.1.0-rc.1',
      '1.0.0',
    ],
    [
      'the same number while it is enough',
      { versions: ['1.0.0', '1.1.0-rc.1'], bump: 'prerelease', impact: 'minor' },
      '1.1.0-rc.2',
      '1.1.0-rc.1',
    ],
    [
      'a higher number starts at 1',
      { versions: ['1.0.0', '1.1.0-rc.4'], bump: 'prerelease', impact: 'major' },
      '2.0.0-rc.1',
      '1.1.0-rc.4',
    ],
    [
      'from beta to rc',
      { versions: ['1.0.0', '1.1.0-beta.4'], bump: 'prerelease', preid: 'rc' },
      '1.1.0-rc.1',
      '1.1.0-beta.4',
    ],
    [
      'never below the one before',
      { versions: ['1.0.0', '1.1.0-rc.4'], bump: 'prerelease', preid: 'beta' },
      '1.1.1-beta.1',
      '1.1.0-rc.4',
    ],
    ['--preid alone', { versions: ['1.0.0'], preid: 'beta' }, '1.0.1-beta.1', '1.0.0'],
    ['--preid with a level', { versions: ['1.0.0'], preid: 'beta', bump: 'major' }, '2.0.0-beta.1', '1.0.0'],
    ['a branch rule', { versions: ['1.0.0'], branchBump: 'prerelease' }, '1.0.1-rc.1', '1.0.0'],
    [
      'off the release branches',
      { versions: ['1.0.0'], branchPreid: 'feature-x', impact: 'minor' },
      '1.1.0-feature-x.1',
      '1.0.0',
    ],
    [
      'there with a rule',
      { versions: ['1.0.0'], branchPreid: 'feature-x', branchBump: 'minor' },
      '1.1.0-feature-x.1',
      '1.0.0',
    ],
    [
      'there with --preid',
      { versions: ['1.0.0'], branchPreid: 'feature-x', preid: 'beta' },
      '1.0.1-beta.1',
      '1.0.0',
    ],
    [
      'past taken counters',
      { versions: ['1.0.0-rc.1'], taken: ['1.0.0-rc.2', '1.0.0-RC.5'], bump: 'prerelease' },
      '1.0.0-rc.6',
      '1.0.0-rc.1',
    ],
    [
      'of no taken number',
      { versions: ['1.0.0'], taken: ['1.0.1'], bump: 'prerelease' },
      '1.0.2-rc.1',
      '1.0.0',
    ],
    ['after one without a counter', { versions: ['2.0.0-rc'], bump: 'prerelease' }, '2.0.0-rc.1', '2.0.0-rc'],
    [
      'after one with a word for a counter',
      { versions: ['2.0.0-rc.x'], bump: 'prerelease' },
      '2.0.1-rc.1',
      '2.0.0-rc.x',
    ],
  ])('%s', (_, changes, version, previousVersion) => {
    const bump = previousVersion === null ? 'initial' : 'prerelease';
    expect(plan(changes)).toEqual({ version, previousVersion, bump, belowImpact: false });
  });

  it.each(['1', 'a.b', 'a b', '', 'x+y'])('refuses the identifier %j', (preid) => {
    expect(errorOf(() => plan({ preid })).code).toBe('VERSION_INVALID');
    expect(errorOf(() => planTarget({ preid })).code).toBe('VERSION_INVALID');
  });
});

describe('a number that is given', () => {
  const versions = ['1.0.0', '1.1.0', '2.0.0', '3.0.0-rc.1'];

  it.each([
    ['1.1.1', '1.1.0'],
    ['1.0.1', '1.0.0'],
    ['3.0.0', '2.0.0'],
    ['3.0.0-rc.2', '3.0.0-rc.1'],
    ['2.0.1-hotfix.1', '2.0.0'],
    ['0.9.0', null],
  ])('%s has the predecessor %s', (setVersion, previousVersion) => {
    expect(plan({ versions, setVersion })).toEqual({
      version: setVersion,
      previousVersion,
      bump: 'explicit',
      belowImpact: false,
    });
  });

  it('stands above bumps and release branches', () => {
    expect(plan({ versions, setVersion: '5.0.0', bump: 'patch', branchPreid: 'x' }).version).toBe('5.0.0');
  });

  it.each([
    ['1.1.0', 'taken'],
    ['9.9.9', 'taken'],
    ['3.0.0-RC.1', 'taken'],
    ['4.0.0+build', 'build metadata'],
    ['v4.0.0', 'semantic version'],
    ['4.0', 'semantic version'],
    ['', 'semantic version'],
    ['4.0.0-a.lock', '.lock'],
    [`4.0.0-${'a'.repeat(100)}`, '100 characters'],
  ])('%s is refused', (setVersion, reason) => {
    const error = errorOf(() => plan({ versions, taken: ['9.9.9'], setVersion }));
    expect(error.code).toBe('VERSION_INVALID');
    expect(error.details.reason).toContain(reason);
  });
});

describe('a number below the impact', () => {
  it.each<[string, Partial<VersionRequest>, boolean]>([
    ['an explicit bump', { versions: ['1.0.0'], impact: 'major', bump: 'patch' }, true],
    ['a branch rule', { versions: ['1.0.0'], impact: 'minor', branchBump: 'patch' }, true],
    ['a given number', { versions: ['1.0.0', '2.0.0'], impact: 'minor', setVersion: '1.0.1' }, true],
    [
      'a pre-release of too small a number',
      { versions: ['1.0.0'], impact: 'major', bump: 'minor', preid: 'rc' },
      true,
    ],
    [
      'a given number that is enough',
      { versions: ['1.0.0', '2.0.0'], impact: 'minor', setVersion: '1.1.0' },
      false,
    ],
    ['a first version', { impact: 'major', bump: 'patch' }, false],
  ])('%s', (_, changes, belowImpact) => {
    expect(plan(changes).belowImpact).toBe(belowImpact);
  });
});

it('refuses to count beyond the largest number of semver', () => {
  const versions = [`1.0.${Number.MAX_SAFE_INTEGER}`];
  expect(errorOf(() => plan({ versions })).code).toBe('VERSION_INVALID');
  expect(errorOf(() => plan({ versions, bump: 'prerelease' })).code).toBe('VERSION_INVALID');
});

describe('whatever there is', () => {
  const request = fc.record({
    versions: fc.uniqueArray(versionArbitrary, { maxLength: 8 }),
    taken: fc.uniqueArray(versionArbitrary, { maxLength: 4 }),
    impact: fc.constantFrom(...impacts),
    bump: fc.constantFrom(undefined, 'auto' as const, ...bumps),
    preid: fc.option(preidArbitrary, { nil: undefined }),
    branchBump: fc.constantFrom(null, 'auto' as const, ...bumps),
    branchPreid: fc.option(preidArbitrary),
  });

  it('the number is valid, free and above its predecessor, the highest that may be one', () => {
    fc.assert(
      fc.property(request, (changes) => {
        const { version, previousVersion } = plan(changes);
        expect(parseVersion(version)).toBe(version);
        expect([...changes.versions, ...changes.taken]).not.toContain(version);
        const comparable = changes.versions.filter((other) => isComparable(planTarget(changes), other));
        expect(comparable.toSorted(compareVersions).at(-1) ?? null).toBe(previousVersion);
        if (previousVersion !== null) expect(compareVersions(version, previousVersion)).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('a stronger impact never gives a lower number, and auto is never below it', () => {
    fc.assert(
      fc.property(request, (changes) => {
        const plans = impacts.map((impact) => plan({ ...changes, impact }));
        for (const [at, { version, belowImpact }] of plans.entries()) {
          expect(compareVersions(version, plans[Math.max(0, at - 1)]?.version ?? '')).toBeGreaterThanOrEqual(
            0,
          );
          if (changes.bump === 'auto') expect(belowImpact).toBe(false);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
