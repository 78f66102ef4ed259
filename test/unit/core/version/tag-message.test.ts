import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordedBumps } from '../../../../src/core/version/bump.ts';
import { parseTagMessage, stripSignature } from '../../../../src/core/version/parse-tag-message.ts';
import { formatTagMessage, type TagRecord } from '../../../../src/core/version/tag-message.ts';
import { parseMessage } from '../../../../src/core/version/user-message.ts';
import { isPromptvError } from '../../../../src/errors.ts';
import { hexArbitrary, hostileTextArbitrary, nameArbitrary, versionArbitrary } from './arbitraries.ts';

const hash = (digit: string) => `sha256:${digit.repeat(64)}`;

const record = (changes: Partial<TagRecord> = {}): TagRecord => ({
  name: 'support/triage',
  version: '1.4.0',
  previousVersion: '1.3.2',
  bump: 'minor',
  impact: 'minor',
  contentHash: hash('a'),
  blob: 'b'.repeat(40),
  path: 'prompts/support/triage.yaml',
  pins: [{ name: 'shared/tone', version: '1.0.0', contentHash: hash('c') }],
  renamedFrom: null,
  authors: ['Ada Lovelace <ada@example.com>', 'Doe, Jane <jane@example.com>'],
  branch: 'main',
  commit: 'd'.repeat(40),
  ci: { provider: 'github', run: '42', url: 'https://github.com/o/r/actions/runs/42' },
  meta: { Ticket: 'ABC-1' },
  message: 'Ask for the order number first.',
  ...changes,
});

const tag = { name: 'support/triage', version: '1.4.0' };

const readBack = (changes: Partial<TagRecord>) => {
  const written = record(changes);
  return parseTagMessage(written, formatTagMessage(written));
};

const codeOf = (run: () => unknown): string | null => {
  try {
    run();
    return null;
  } catch (error) {
    return isPromptvError(error) ? error.code : String(error);
  }
};

describe('formatTagMessage', () => {
  it('writes the subject, the message and our paragraph', () => {
    expect(formatTagMessage(record())).toBe(
      [
        'support/triage 1.4.0',
        '',
        'Ask for the order number first.',
        '',
        'Prompt-Version: 1.4.0',
        'Previous-Version: 1.3.2',
        'Bump: minor',
        'Impact: minor',
        `Content-Hash: ${hash('a')}`,
        `Blob: ${'b'.repeat(40)}`,
        'Path: prompts/support/triage.yaml',
        `Pin: shared/tone@1.0.0 ${hash('c')}`,
        'Authors: Ada Lovelace <ada@example.com>, Doe\\u002c Jane <jane@example.com>',
        'Branch: main',
        `Commit: ${'d'.repeat(40)}`,
        'CI-Provider: github',
        'CI-Run: 42',
        'CI-Url: https://github.com/o/r/actions/runs/42',
        'Meta-Ticket: ABC-1',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what there is none of', () => {
    const text = formatTagMessage(
      record({
        previousVersion: null,
        pins: [],
        authors: [],
        branch: null,
        ci: null,
        meta: {},
        message: ' \n',
      }),
    );
    expect(text).toMatch(/^support\/triage 1\.4\.0\n\nPrompt-Version: 1\.4\.0\nBump: /);
    expect(text).not.toMatch(/^(Previous-Version|Pin|Authors|Branch|CI-\w+|Meta-.*|Renamed-From):/m);
    expect(text.endsWith(`Commit: ${'d'.repeat(40)}\n`)).toBe(true);
  });

  it('keeps controls, separators, bidi characters and blanks at the ends out of the lines', () => {
    const text = formatTagMessage(
      record({ branch: 'a\nBump: major\u2028\u0085\u202e\u001b[2J', meta: { note: ' \\ ' }, ci: null }),
    );
    expect(text).toContain('\nBranch: a\\nBump: major\\u2028\\u0085\\u202e\\u001b[2J\n');
    expect(text).toContain('\nMeta-note: \\u0020\\\\\\u0020\n');
  });
});

describe('a tag message round-trips', () => {
  it.each<[string, Partial<TagRecord>]>([
    ['everything at its simplest', {}],
    ['a rename', { renamedFrom: 'support/sort', previousVersion: '1.3.9' }],
    [
      'nothing optional',
      { previousVersion: null, pins: [], authors: [], branch: null, ci: null, meta: {}, message: '' },
    ],
    ['lines that look like ours', { message: 'Bump: major\nImpact: major\nMeta-x: y' }],
    ['a last paragraph like ours', { message: `Real.\n\nPrompt-Version: 9.9.9\nContent-Hash: ${hash('f')}` }],
    ['a subject like ours', { message: 'support/triage 9.9.9\n\ntext' }],
    ['comment lines and several blank lines', { message: '# not a comment\n\n\n\n# nor this' }],
    ['keys of Object.prototype', { meta: { constructor: 'x', toString: 'y' } }],
    ['an authors line of one comma', { authors: [','] }],
    ['empty texts', { authors: ['', ''], meta: { empty: '' }, branch: '' }],
    ['a CI without run and page', { ci: { provider: 'unknown', run: null, url: null } }],
    ['ids of a SHA-256 repository', { blob: 'e'.repeat(64), commit: 'f'.repeat(64) }],
  ])('with %s', (_, changes) => {
    expect(readBack(changes)).toEqual({ record: record(changes) });
  });

  it('whatever the texts; a message that cannot be stored is refused, never changed', () => {
    const text = hostileTextArbitrary;
    const versions = fc.option(versionArbitrary);
    const optionalText = fc.option(text);
    const arbitraryRecord = fc.record({
      name: nameArbitrary,
      version: versionArbitrary,
      previousVersion: versions,
      bump: fc.constantFrom(...recordedBumps),
      impact: fc.constantFrom('none' as const, 'patch' as const, 'minor' as const, 'major' as const),
      contentHash: hexArbitrary(64).map((hex) => `sha256:${hex}`),
      blob: hexArbitrary(40),
      path: text.map((part) => `prompts/x${part.replace(/[/\n\0]/g, '')}.yaml`),
      pins: fc.uniqueArray(
        fc.record({
          name: nameArbitrary,
          version: versionArbitrary,
          contentHash: hexArbitrary(64).map((hex) => `sha256:${hex}`),
        }),
        { selector: (pin) => pin.name, maxLength: 3 },
      ),
      renamedFrom: fc.option(nameArbitrary),
      authors: fc.array(text, { maxLength: 3 }),
      branch: optionalText,
      commit: hexArbitrary(40),
      ci: fc.option(fc.record({ provider: text, run: optionalText, url: optionalText })),
      meta: fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,9}$/), text, {
        maxKeys: 3,
        noNullPrototype: true,
      }),
      message: text,
    });
    let stored = 0;
    fc.assert(
      fc.property(arbitraryRecord, (written) => {
        const code = codeOf(() => parseMessage(written.message));
        if (code !== null) {
          expect(code).toBe('MESSAGE_INVALID');
          expect(codeOf(() => formatTagMessage(written))).toBe('MESSAGE_INVALID');
          return;
        }
        stored += 1;
        const message = parseMessage(written.message);
        expect(message).toBe(written.message.replace(/\r\n?/g, '\n').trim());
        expect(parseTagMessage(written, formatTagMessage(written))).toEqual({
          record: { ...written, message },
        });
      }),
      { numRuns: 500 },
    );
    expect(stored).toBeGreaterThan(50);
  });
});

describe('hostile texts', () => {
  it.each([
    ['the begin of a signature', 'ok\n-----BEGIN PGP SIGNATURE-----\nxx'],
    ['the begin of anything', '-----BEGIN CERTIFICATE-----'],
    ['one behind a carriage return', 'ok\r-----BEGIN SSH SIGNATURE-----'],
    ['NUL', 'a\0b'],
    ['an escape sequence', 'a\u001b[31mred'],
    ['a C1 control', 'a\u0085b'],
    ['half a surrogate pair', 'a\ud800b'],
  ])('a message with %s is refused', (_, message) => {
    expect(codeOf(() => parseMessage(message))).toBe('MESSAGE_INVALID');
    expect(codeOf(() => formatTagMessage(record({ message })))).toBe('MESSAGE_INVALID');
  });

  it.each([
    '',
    'a b',
    'a:b',
    'a\nBump',
    'ä',
    '1a',
    '-a',
    '__proto__',
    'a_b',
    'x'.repeat(65),
  ])('the meta key %j is refused', (key) => {
    expect(codeOf(() => formatTagMessage(record({ meta: Object.fromEntries([[key, 'v']]) })))).toBe(
      'META_INVALID',
    );
  });
});

describe('parseTagMessage', () => {
  const text = formatTagMessage(record());
  const signature = '-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n';

  it.each([
    signature,
    signature.replaceAll('SSH', 'PGP'),
    signature.replaceAll('SSH SIGNATURE', 'SIGNED MESSAGE'),
    signature.replaceAll('SSH SIGNATURE', 'PGP MESSAGE'),
  ])('leaves out the signature that git appends: %j', (appended) => {
    expect(stripSignature(text + appended)).toBe(text);
    expect(parseTagMessage(tag, text + appended)).toEqual({ record: record() });
  });

  it('strips nothing where no line begins a signature', () => {
    expect(stripSignature(`a ${signature.trim().split('\n')[0]}`)).toBe('a -----BEGIN SSH SIGNATURE-----');
    expect(stripSignature(signature)).toBe('');
  });

  it('does not mind how many newlines end it', () => {
    expect(parseTagMessage(tag, `${text}\n\n`)).toEqual({ record: record() });
    expect(parseTagMessage(tag, text.trimEnd())).toEqual({ record: record() });
  });

  it('ignores keys of a later promptv', () => {
    expect(parseTagMessage(tag, `${text.trimEnd()}\nNew-Key: x\n`)).toEqual({ record: record() });
  });

  it('shows the control characters of a message that another tool wrote', () => {
    const parsed = parseTagMessage(tag, text.replace('number', '\u001b[2Jnumber'));
    expect(parsed).toEqual({ record: record({ message: 'Ask for the order \\u001b[2Jnumber first.' }) });
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ['an empty message', () => '', /subject/],
    ['the subject alone', () => 'support/triage 1.4.0\n', /subject/],
    ['another name in the subject', (t) => t.replace('support/triage', 'support/other'), /subject/],
    ['another version in the subject', (t) => t.replace('1.4.0', '1.4.1'), /subject/],
    [
      'another version in the paragraph',
      (t) => t.replace('Version: 1.4.0', 'Version: 1.4.1'),
      /Prompt-Version/,
    ],
    ['a line without key', (t) => t.replace('Branch: ', ''), /"main" is not a "Key: value" line/],
    ['a key with a blank', (t) => t.replace('Branch:', 'Bra nch:'), /Key: value/],
    ['a carriage return', (t) => t.replace('Branch: main', 'Branch: main\r'), /Branch/],
    ['a raw control character', (t) => t.replace('Branch: main', 'Branch: ma\u001bin'), /Branch/],
    ['a line separator', (t) => t.replace('Branch: main', 'Branch: ma\u2028in'), /Branch/],
    ['an escape of another spelling', (t) => t.replace('Branch: main', 'Branch: \\u006dain'), /Branch/],
    ['a lone backslash', (t) => t.replace('Branch: main', 'Branch: ma\\in'), /Branch/],
    ['a key twice', (t) => t.replace('Branch: main', 'Branch: main\nBranch: main'), /Branch is there twice/],
    ['no hash', (t) => t.replace(/Content-Hash: .*\n/, ''), /Content-Hash is missing/],
    ['a short hash', (t) => t.replace(hash('a'), 'sha256:aa'), /Content-Hash/],
    ['an unknown bump', (t) => t.replace('Bump: minor', 'Bump: huge'), /Bump/],
    ['an unknown impact', (t) => t.replace('Impact: minor', 'Impact: constructor'), /Impact/],
    ['a previous version that is none', (t) => t.replace('1.3.2', 'v1.3.2'), /Previous-Version/],
    ['an absolute path', (t) => t.replace('Path: prompts', 'Path: /prompts'), /Path/],
    ['a path that leaves', (t) => t.replace('Path: prompts', 'Path: ../prompts'), /Path/],
    ['a path with a line end', (t) => t.replace('triage.yaml', 'a\\nb.yaml'), /Path/],
    ['a pin without hash', (t) => t.replace(` ${hash('c')}`, ''), /Pin/],
    ['a pin of an impossible name', (t) => t.replace('shared/tone@', '../tone@'), /Pin/],
    ['two pins of one name', (t) => t.replace(/(Pin: .*\n)/, '$1$1'), /two pins/],
    ['a CI run without provider', (t) => t.replace(/CI-Provider: .*\n/, ''), /CI-Provider/],
    ['an odd meta key', (t) => t.replace('Meta-Ticket', 'Meta--Ticket'), /Meta--Ticket/],
    ['the paragraph not last', (t) => `${t}\nThe end.\n`, /The end/],
  ])('refuses %s', (_, change, reason) => {
    const changed = change(text);
    expect(changed).not.toBe(text);
    expect(parseTagMessage(tag, changed)).toEqual({ invalid: expect.stringMatching(reason) });
  });

  it('gives for any text a reason or a record, and never throws', () => {
    fc.assert(
      fc.property(hostileTextArbitrary, (text) => {
        const parsed = parseTagMessage(tag, `support/triage 1.4.0\n\n${text}`);
        expect('invalid' in parsed).toBe(true);
      }),
    );
  });
});
