import { describe, expect, it } from 'vitest';
import { isPromptvError } from '../../../src/errors.ts';
import { splicePromptText, type TextEdit } from '../../../src/store/splice.ts';

const set = (path: (string | number)[], value: unknown): TextEdit => ({ path, value });
const remove = (...path: (string | number)[]): TextEdit => ({ path, value: undefined });
const rename = (path: (string | number)[], key: string): TextEdit => ({ path, key });

describe('an edit of YAML changes just its place', () => {
  it.each<[string, string, TextEdit[], string]>([
    ['plain text', 'a:  x   # c\nb: 1\n', [set(['a'], 'y z')], 'a:  y z   # c\nb: 1\n'],
    ['text that needs quotes', 'a: x # c\n', [set(['a'], 'true')], 'a: "true" # c\n'],
    [
      'quoted text',
      'a: \'x\'\nb: "y"\n',
      [set(['a'], "it's"), set(['b'], 'l\nm')],
      "a: 'it''s'\nb: \"l\\nm\"\n",
    ],
    ['a number', 'a: 1\r\nb: 2 # c\r\n', [set(['b'], 0.5)], 'a: 1\r\nb: 0.5 # c\r\n'],
    ['an empty value', 'a:   # c\nb: 1', [set(['a'], 5)], 'a: 5   # c\nb: 1'],
    ['text that gets lines, beside a comment', 'a: x # c\n', [set(['a'], 'l\nm\n')], 'a: "l\\nm\\n" # c\n'],
    ['text that gets lines', 'a: x\nb: 1\n', [set(['a'], 'l\nm\n')], 'a: |\n  l\n  m\nb: 1\n'],
    [
      'a line of literal text',
      'a: |   # c\n     l\n       \n     {{> old}}\n\n# d\nb: 1\n',
      [set(['a'], 'l\n  \n{{> new}}\n')],
      'a: |   # c\n     l\n       \n     {{> new}}\n\n# d\nb: 1\n',
    ],
    [
      'literal text with CRLF',
      'a: |-\r\n  l\r\n  m\r\nb: 1\r\n',
      [set(['a'], 'l\nn\nm')],
      'a: |-\r\n  l\r\n  n\r\n  m\r\nb: 1\r\n',
    ],
    ['the end of literal text', 'a: |\n  l\nb: 1\n', [set(['a'], 'l')], 'a: |-\n  l\nb: 1\n'],
    ['more line breaks at its end', 'a: |\n  l\nb: 1\n', [set(['a'], 'l\n\n\n')], 'a: |+\n  l\n\n\nb: 1\n'],
    ['literal text that becomes empty', 'a: |\n  l\nb: 1\n', [set(['a'], '')], 'a: ""\nb: 1\n'],
    [
      'words of folded text',
      'a: >-\n  l {{> old}}\n  and {{> old}}\n\n  p\nb: 1\n',
      [set(['a'], 'l {{> new}} and {{> new}}\np')],
      'a: >-\n  l {{> new}}\n  and {{> new}}\n\n  p\nb: 1\n',
    ],
    [
      'all of folded text',
      'a: >\n  l\n  m\nb: 1\n',
      [set(['a'], 'one\ntwo\n')],
      'a: >\n  one\n\n  two\nb: 1\n',
    ],
    [
      'words of text over lines',
      'a: l\n  {{> old}}\n  m\n',
      [set(['a'], 'l {{> new}} m')],
      'a: l\n  {{> new}}\n  m\n',
    ],
    ['an alias', 'a: &x v\nb: *x\n', [set(['b'], 'w')], 'a: &x v\nb: w\n'],
    ['a list by text', 'm: # c\n  - 1\nb: 1\n', [set(['m'], 5)], 'm: # c\n  5\nb: 1\n'],
    [
      'a list by a mapping',
      'm:\n  - 1\nb: 1\n',
      [set(['m'], { x: [1], y: 'z' })],
      'm:\n  x:\n    - 1\n  y: z\nb: 1\n',
    ],
    ['lines added in braces', '{ a: 1 }\n', [set(['b'], 'l\nm')], '{ a: 1, b: "l\\nm" }\n'],
    ['lines within a list in braces', '{ a: 1 }\n', [set(['b'], ['l\nm'])], '{ a: 1, b: ["l\\nm"] }\n'],
    ['a value in brackets', 't: [ a,  b ]\n', [set(['t', 0], 'c, d')], 't: [ "c, d",  b ]\n'],
    [
      'an item',
      't:\n- a\n-\n- c # c\n',
      [set(['t', 1], 'b'), set(['t', 2], { d: 1, e: 2 })],
      't:\n- a\n- b\n- d: 1\n  e: 2 # c\n',
    ],
    [
      'a new key',
      'a: |\n  l\n\n\nb:\n  c: 1 # d',
      [set(['e'], 'f'), set(['b', 'g'], [1])],
      'a: |\n  l\n\n\nb:\n  c: 1 # d\n  g:\n    - 1\ne: f',
    ],
    ['a new key after literal text', 'b: 1\na: |\n  l\n\n', [set(['c'], 2)], 'b: 1\na: |\n  l\nc: 2\n\n'],
    [
      'a new key in brackets',
      'm: {a: 1}\nn: { b: 2, }\no: {}\n',
      [set(['m', 'c'], 'x'), set(['n', 'd'], 3), set(['o', 'e'], true)],
      'm: {a: 1, c: x}\nn: { b: 2, d: 3, }\no: {e: true}\n',
    ],
    [
      'a new item',
      't: [a]\nu:\n  - 1\nb: 1\n',
      [set(['t', 1], 'c'), set(['u', 1], 'l\nm')],
      't: [a, c]\nu:\n  - 1\n  - |-\n    l\n    m\nb: 1\n',
    ],
    ['a key whose parents are missing', 'a: x\n', [set(['d', 'e/f'], '^1.0.0')], 'a: x\nd:\n  e/f: ^1.0.0\n'],
    ['a removed key', 'a: 1\n# c\nb: # d\n  x: 1\n  # e\nc: 3\n', [remove('b')], 'a: 1\n# c\n  # e\nc: 3\n'],
    ['the first key, removed', '\ufeffa: 1\r\nb: 2\r\n', [remove('a')], '\ufeffb: 2\r\n'],
    [
      'the first key of an item, removed',
      'l:\n  - a: 1\n    b: 2\n',
      [remove('l', 0, 'a')],
      'l:\n  - b: 2\n',
    ],
    ['the only key, removed', 'd:\n  a: 1\nb: 1', [remove('d', 'a')], 'd: {}\nb: 1'],
    [
      'removed members in brackets',
      'm: {a: 1, b: 2}\nt: [x, y]\nu: [z]\n',
      [remove('m', 'a'), remove('t', 1), remove('u', 0)],
      'm: {b: 2}\nt: [x]\nu: []\n',
    ],
    ['a key that is not there, removed', 'a: 1\n', [remove('b'), remove('c', 'd')], 'a: 1\n'],
    [
      'a renamed key',
      'd:\n  # k\n  old/a:   ^1.0.0 # c\n  "old/b": "1"\ne: {old/c: 1}\n',
      [rename(['d', 'old/a'], 'new/a'), rename(['d', 'old/b'], 'new/b'), rename(['e', 'old/c'], 'new/c')],
      'd:\n  # k\n  new/a:   ^1.0.0 # c\n  "new/b": "1"\ne: {new/c: 1}\n',
    ],
    ['nothing', 'a: 1\n', [set(['a'], 1)], 'a: 1\n'],
  ])('%s', (_, text, edits, expected) => {
    expect(splicePromptText(text, edits, 'p.yaml')).toBe(expected);
  });
});

describe('an edit of JSON changes just its place', () => {
  it.each<[string, string, TextEdit[], string]>([
    [
      'a value',
      '{ "a" : 1,\r\n"b":[1,2 ]}',
      [set(['a'], 'x"y'), set(['b', 1], null)],
      '{ "a" : "x\\"y",\r\n"b":[1,null ]}',
    ],
    ['a new key', '{\n\t"a": 1\n}\n', [set(['b'], { c: 1 })], '{\n\t"a": 1,\n\t"b": {\n\t  "c": 1\n\t}\n}\n'],
    ['a new key on one line', '{"a":1}', [set(['b'], [1])], '{"a":1, "b": [1]}'],
    ['a new key in an empty object', '{"a": {}}', [set(['a', 'b'], 1)], '{"a": {"b": 1}}'],
    ['removed keys', '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}', [remove('a'), remove('c')], '{\n  "b": 2\n}'],
    [
      'a renamed key',
      '\ufeff{"d": {"old": "1"}}',
      [rename(['d', 'old'], 'new')],
      '\ufeff{"d": {"new": "1"}}',
    ],
  ])('%s', (_, text, edits, expected) => {
    expect(splicePromptText(text, edits, 'p.json')).toBe(expected);
  });
});

describe('an edit that would touch more is refused', () => {
  it.each<[string, string, TextEdit]>([
    ['an anchored value', 'a: &x v\nb: *x\n', set(['a'], 'w')],
    ['a key that is there already', 'a: 1\nb: 2\n', rename(['a'], 'b')],
    ['a broken text', 'a: [\n', set(['a'], 1)],
    ['an empty text', '', set(['a'], 1)],
  ])('%s', (_, text, edit) => {
    const splice = (): string => splicePromptText(text, [edit], 'p.yaml');
    expect(splice).toThrow('p.yaml cannot be edited at "a"');
    try {
      splice();
    } catch (error) {
      expect(isPromptvError(error) && error.code).toBe('FILE_NOT_EDITABLE');
    }
  });
});
