import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import {
  isPromptPath,
  nearestNames,
  promptNameOfPath,
  promptNameProblem,
  segmentNameProblem,
} from '../../../../src/core/prompt/name.ts';

describe('the name of a prompt', () => {
  it.each([
    'a',
    'support/triage',
    '0',
    '2024/report',
    'a-b_c.d/e.f-g',
    'console/nullable',
    'a.-b',
    'x'.repeat(100),
    'v2x',
  ])('can be %s', (name) => {
    expect(promptNameProblem(name)).toBeNull();
  });

  it.each([
    ['', 'empty'],
    ['x'.repeat(101), '101 characters'],
    ['Support', '"S" is not allowed'],
    ['a b', '" " is not allowed'],
    ['a@1.0.0', '"@" is not allowed'],
    ['größe', '"ö" is not allowed'],
    ['a\\b', '"\\\\" is not allowed'],
    ['a\nb', '"\\n" is not allowed'],
    ['a\n', '"\\n" is not allowed'],
    ['../etc', 'begins with a letter'],
    ['a/../b', 'begins with a letter'],
    ['/a', 'begins with a letter'],
    ['a/', 'begins with a letter'],
    ['a//b', 'begins with a letter'],
    ['.a', 'begins with a letter'],
    ['-upload-pack', 'begins with a letter'],
    ['a.', 'begins with a letter'],
    ['a..b', 'begins with a letter'],
    ['a.lock', '.lock'],
    ['a.lock/b', '.lock'],
    ['a/1.2.3', 'looks like a version'],
    ['v1.0', 'looks like a version'],
    ['v2', 'looks like a version'],
    ['1.2.3-rc.1', 'looks like a version'],
    ['con', 'device'],
    ['a/nul.x', 'device'],
    ['com1', 'device'],
    ['lpt9/a', 'device'],
  ])('cannot be %j', (name, reason) => {
    expect(promptNameProblem(name)).toContain(reason);
  });

  it.each([
    ['support/triage.yaml', 'support/triage'],
    ['a.prompt.yml', 'a'],
    ['A B/C.PROMPT.JSON', 'a-b/c'],
    ['a.b.json', 'a.b'],
    ['dir\\a.yaml', 'dir/a'],
  ])('of the file %s is %s', (path, name) => {
    expect(promptNameOfPath(path)).toBe(name);
  });

  it.each([
    ['a.yaml', true],
    ['a/b.yml', true],
    ['a.JSON', true],
    ['a.test.yaml', false],
    ['a.test.json', false],
    ['a.md', false],
    ['.hidden.yaml', false],
    ['.github/a.yaml', false],
    ['yaml', false],
  ])('is looked for in %s: %s', (path, expected) => {
    expect(isPromptPath(path)).toBe(expected);
  });
});

describe('the name of an environment, a stage or an experiment', () => {
  it.each(['production', 'eu-west.1a', '2024-q3-tone', 'x1', 'vy'])('can be %s', (name) => {
    expect(segmentNameProblem(name)).toBeNull();
  });

  it.each([
    '',
    'a/b',
    'Prod',
    'latest',
    'next',
    'working',
    'git',
    'candidate',
    '1',
    'v1',
    '1.x',
    'x',
    '1.2.3',
    'v1.2.3-rc.1',
    'vv0',
    '1.2.x',
    'nul',
    'a.lock',
  ])('cannot be %j', (name) => {
    expect(segmentNameProblem(name)).not.toBeNull();
  });

  it('is never a range that semver reads', () => {
    const letters = fc.constantFrom('0', '1', '12', 'x', 'v', '.', '-', 'rc', 'a', '_');
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 8 }), (parts) => {
        const name = parts.join('');
        if (segmentNameProblem(name) === null) expect(semver.validRange(name)).toBeNull();
      }),
    );
  });
});

describe('nearest names', () => {
  const known = ['support/triage', 'support/reply', 'sql/from-text', 'report'];

  it.each([
    ['support/triag', ['support/triage']],
    ['triage', ['support/triage']],
    ['suport/repyl', ['support/reply']],
    ['reprot', ['report']],
    ['zzz', []],
  ])('of %s are %j', (wanted, expected) => {
    expect(nearestNames(wanted, known)).toEqual(expected);
  });

  it('come nearest first, at most as many as asked for', () => {
    expect(nearestNames('aaaa', ['aabb', 'aaab', 'aaaa1', 'abbb'], 2)).toEqual(['aaaa1', 'aaab']);
  });
});
