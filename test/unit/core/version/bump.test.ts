import { describe, expect, it } from 'vitest';
import { closestGlob, matchesBranchGlob } from '../../../../src/core/version/branch-glob.ts';
import {
  bumpForBranch,
  preidForBranch,
  preidOfBranch,
  preidProblem,
} from '../../../../src/core/version/bump.ts';
import { parseVersion } from '../../../../src/core/version/version.ts';

describe('branch globs', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'maintenance', false],
    ['feature/*', 'feature/a', true],
    ['feature/*', 'feature/a/b', false],
    ['feature/**', 'feature/a/b', true],
    ['feature/*', 'feature', false],
    ['*', 'main', true],
    ['*', 'a/b', false],
    ['**', 'a/b', true],
    ['release-?.x', 'release-1.x', true],
    ['release-?.x', 'release-10.x', false],
    ['*-fix', 'a-fix-fix', true],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
  ])('%s and %s: %s', (glob, branch, expected) => {
    expect(matchesBranchGlob(glob, branch)).toBe(expected);
  });

  it('answers a glob that would make a regular expression backtrack for ever', () => {
    expect(matchesBranchGlob(`${'**a'.repeat(40)}b`, 'a'.repeat(200))).toBe(false);
  });

  it('prefers the branch itself, then literal characters, then few wildcards', () => {
    const globs = ['**', 'feature/**', 'feature/*', 'feature/ui-*', 'feature/ui-x'];
    expect(closestGlob(globs, 'feature/ui-x')).toBe('feature/ui-x');
    expect(closestGlob(globs, 'feature/ui-y')).toBe('feature/ui-*');
    expect(closestGlob(globs, 'feature/a')).toBe('feature/*');
    expect(closestGlob(globs, 'feature/a/b')).toBe('feature/**');
    expect(closestGlob(['feature/*'], 'main')).toBeNull();
  });
});

describe('bumpForBranch', () => {
  const rules = { main: 'patch', 'feature/*': 'minor', 'breaking/*': 'major', develop: 'auto' } as const;

  it.each([
    ['main', 'patch'],
    ['feature/a', 'minor'],
    ['breaking/a', 'major'],
    ['develop', 'auto'],
    ['other', 'patch'],
    ['constructor', 'patch'],
    [null, 'patch'],
  ])('on %s it is %s', (branch, expected) => {
    expect(bumpForBranch(rules, branch)).toBe(expected);
  });

  it('leaves the choice to the impact when there are no rules', () => {
    expect(bumpForBranch({}, 'main')).toBeNull();
  });
});

describe('preidForBranch', () => {
  it.each([
    [[], 'feature/a', null],
    [['main', 'release/*'], 'main', null],
    [['main', 'release/*'], 'release/1', null],
    [['main', 'release/*'], 'feature/a', 'feature-a'],
    [['main'], null, 'detached'],
  ])('release branches %j, branch %s: %s', (releaseBranches, branch, expected) => {
    expect(preidForBranch(releaseBranches, branch)).toBe(expected);
  });

  it.each([
    ['feature/New_Tone', 'feature-new-tone'],
    ['Ärger/Größe', 'arger-gro-e'],
    ['--x--', 'x'],
    ['1234', 'branch-1234'],
    ['функция', 'branch'],
    ['x'.repeat(200), 'x'.repeat(40)],
    [`${'x'.repeat(39)}/y`, 'x'.repeat(39)],
  ])('%s gives an identifier that a version can have', (branch, expected) => {
    const preid = preidOfBranch(branch);
    expect(preid).toBe(expected);
    expect(preidProblem(preid)).toBeNull();
    expect(parseVersion(`1.0.0-${preid}.1`)).toBe(`1.0.0-${preid}.1`);
  });

  it.each(['', '1', '007', 'a.b', 'a b', 'ä', 'a+b', 'x'.repeat(51)])('%j is no identifier', (preid) => {
    expect(preidProblem(preid)).not.toBeNull();
  });
});
