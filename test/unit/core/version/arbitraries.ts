import fc from 'fast-check';
import { promptNameProblem } from '../../../../src/core/prompt/name.ts';

const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789'];
const segment = fc
  .tuple(
    fc.constantFrom(...letters),
    fc.string({ unit: fc.constantFrom(...letters, '-', '_'), maxLength: 8 }),
  )
  .map((parts) => parts.join(''));

/** Prompt names, with folders and dots. */
export const nameArbitrary = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.option(segment))
  .map(([folders, extension]) => folders.join('/') + (extension === null ? '' : `.${extension}`))
  .filter((name) => promptNameProblem(name) === null);

export const preidArbitrary = fc.constantFrom('alpha', 'beta', 'rc', 'feature-x');

/** Canonical versions with small numbers, so that they meet each other. */
export const versionArbitrary = fc
  .tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.option(fc.tuple(preidArbitrary, fc.integer({ min: 1, max: 3 }))))
  .map(([major, minor, patch, pre]) => `${major}.${minor}.${patch}${pre ? `-${pre[0]}.${pre[1]}` : ''}`);

export const hexArbitrary = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

/** Any text, with the characters that matter to line formats and terminals made likely. */
export const hostileTextArbitrary = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ maxLength: 8 }),
      fc.constantFrom(
        '\n',
        '\n\n',
        '\r',
        '\r\n',
        '\0',
        '\u001b[2J',
        '\u2028',
        '\u0085',
        '\u202e',
        '\\',
        '\\n',
        '\\u0020',
      ),
      fc.constantFrom(
        ', ',
        ',',
        ' ',
        '#',
        'Key: value',
        'Prompt-Version: 9.9.9',
        '-----BEGIN SSH SIGNATURE-----',
        '\ud800',
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
