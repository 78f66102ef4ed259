import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseCarefully } from '../../../src/store/prompt-text-yaml.ts';
import { readPlainYaml } from '../../../src/store/yaml-events.ts';

const folder = new URL('../../../prompts/', import.meta.url);
const shipped = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .map((path) => readFileSync(new URL(path, folder), 'utf8'));

const dense = [
  'a: 1\nb:\n  - x\n  - y: z\n    w: |\n      t1\n       t2\n\n  - [a, b, {c: d}]',
  "c: \"x\\n y\"\nd: 'it''s'\ne: >-\n  folded\n  text\n\n  more\nf: plain\n  two lines",
  '# c\ng: {a: 1, "b": [x]}\n? complex\n: v\nh: ~\ni: -0.5\nj: True\n',
].join('\n');

const pieces = [
  ...[
    '\n',
    '\n\n',
    '\n  ',
    '\n- ',
    '  - ',
    '- ',
    ': ',
    ':',
    ' #',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ',',
    '|',
    '>',
  ],
  ...[
    '|-',
    '>+',
    '|2',
    '&a ',
    '*a',
    '!',
    '!!str ',
    '? ',
    '%',
    '@',
    '`',
    '\t',
    '\r\n',
    '---\n',
    '...\n',
    '<<: ',
  ],
  ...[
    '~',
    'null',
    'true',
    '0x1f',
    '1e3',
    '1e-3',
    '2024-05-01',
    '.inf',
    '01',
    '1_000',
    '+1',
    '-0',
    '\\',
    '\\\n',
    '\u2028',
    '\ufeff',
  ],
  ...['\u0000', 'key: v', ' ', '=', '-'],
];

/** Numbers from 0 up to 1, the same ones every time. */
const seeded = (seed: number) => (): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};

const mutate = (text: string, random: () => number): string => {
  const piece = pieces[Math.floor(random() * pieces.length)] ?? '';
  const at = Math.floor(random() * (text.length + 1));
  return text.slice(0, at) + (random() < 0.7 ? piece : '') + text.slice(at + Math.floor(random() * 3));
};

test('a text is read as the careful reader reads it, or left to that one', () => {
  const random = seeded(20);
  const texts = [dense, dense, ...shipped];
  let read = 0;
  for (let index = 0; index < 3_000; index++) {
    const whole = texts[index % texts.length] ?? '';
    const start = index % 2 === 0 ? 0 : Math.floor((random() * whole.length) / 2);
    let text = whole.slice(start, start + 500);
    for (let edits = 1 + Math.floor(random() * 3); edits > 0; edits--) text = mutate(text, random);
    const value = readPlainYaml(text);
    if (value === undefined) continue;
    read++;
    expect({ text, ...parseCarefully(text) }).toEqual({ text, value, problems: [] });
  }
  expect(read).toBeGreaterThan(500);
});

test.each(shipped.map((text) => [text.split('\n')[0], text]))('%s is read without care', (_, text) => {
  expect(readPlainYaml(text)).toEqual(parseCarefully(text).value);
});

test.each([
  ['an anchor', 'a: &x 1\n'],
  ['an alias', 'a: &x 1\nb: *x\n'],
  ['a tag', 'a: !!str 1\n'],
  ['a directive', '%YAML 1.2\n---\na: 1\n'],
  ['a second document', 'a: 1\n---\nb: 2\n'],
  ['a repeated key', 'a: 1\na: 2\n'],
  ['a key that is no text', '1: a\n'],
  ['a merge key', '<<: {a: 1}\n'],
  ['the key __proto__', '__proto__: 1\n'],
  ['a number that JSON writes in another way', 'a: 0x1f\n'],
  ['a broken text', 'a: [1\n'],
  ['nesting without end', `a: ${'['.repeat(80)}${']'.repeat(80)}\n`],
])('%s is left to the careful reader', (_, text) => {
  expect(readPlainYaml(text)).toBeUndefined();
});
