import { describe, expect, it } from 'vitest';
import { coerceVariable } from '../../../../src/core/prompt/coerce-variable.ts';
import type { PromptVariable } from '../../../../src/core/prompt/document.ts';
import { checkVariables } from '../../../../src/core/prompt/variables.ts';

const check = (rest: Omit<PromptVariable, 'name'>, value: unknown): readonly string[] =>
  checkVariables([{ name: 'a', ...rest }], [], { a: value }).problems;

describe('values for variables', () => {
  it('are filled up with defaults, and with null for what may be left out', () => {
    const declared = [
      { name: 'tone', default: 'friendly' },
      { name: 'note', required: false },
      { name: 'extra', default: null },
      { name: 'size', type: 'integer' as const, default: 3 },
    ];
    const { values, problems } = checkVariables(declared, ['tone'], { size: 4, tone: null });
    expect(problems).toEqual([]);
    expect({ ...values }).toEqual({ tone: 'friendly', note: null, extra: null, size: 4 });
  });

  it('have no prototype', () => {
    expect(Object.getPrototypeOf(checkVariables([], [], {}).values)).toBeNull();
  });

  it('must be there for declared and for used names, and be no others; all problems are told', () => {
    const { problems } = checkVariables([{ name: 'ticket' }], ['ticket', 'tone'], { tikcet: 'x', zebra: 1 });
    expect(problems).toEqual([
      '"ticket" is missing',
      '"tone" is missing',
      '"tikcet" is not a variable of this prompt (did you mean "ticket"?)',
      '"zebra" is not a variable of this prompt',
    ]);
  });

  it('are not found on prototypes', () => {
    expect(checkVariables([], ['constructor', 'toString'], {}).problems).toEqual([
      '"constructor" is missing',
      '"toString" is missing',
    ]);
  });

  it.each<[Omit<PromptVariable, 'name'>, unknown]>([
    [{ type: 'string' }, ''],
    [{ type: 'number' }, 1.5],
    [{ type: 'integer' }, -3],
    [{ type: 'boolean' }, false],
    [{ type: 'array' }, []],
    [{ type: 'object' }, {}],
    [{}, { any: ['thing'] }],
    [{ enum: ['a', { b: 1, c: 2 }] }, { c: 2, b: 1 }],
    [{ pattern: 'b+' }, 'abbc'],
    [{ minLength: 2, maxLength: 2 }, '😀é'],
    [{ minLength: 1, maxLength: 2 }, [1, 2]],
    [{ minimum: 0, maximum: 1 }, 1],
    [{ minimum: 5 }, 'text has no range'],
  ])('fit %j: %j', (rest, value) => {
    expect(check(rest, value)).toEqual([]);
  });

  it.each<[Omit<PromptVariable, 'name'>, unknown, string]>([
    [{ type: 'string' }, 1, '"a" must be a string, not 1'],
    [{ type: 'number' }, '1', '"a" must be a number, not "1"'],
    [{ type: 'number' }, Number.NaN, '"a" must be a finite number'],
    [{}, Number.POSITIVE_INFINITY, '"a" must be a finite number'],
    [{ type: 'integer' }, 1.5, '"a" must be an integer, not 1.5'],
    [{ type: 'integer' }, 2 ** 53, '"a" must be an integer, not 9007199254740992'],
    [{ type: 'boolean' }, 'true', '"a" must be true or false, not "true"'],
    [{ type: 'array' }, { length: 1 }, '"a" must be an array, not {"length":1}'],
    [{ type: 'object' }, [], '"a" must be an object, not []'],
    [{ enum: ['x', 2] }, 'y', '"a" must be one of "x", 2, not "y"'],
    [{ pattern: '^b$' }, 'abc', '"a" must match ^b$, and "abc" does not'],
    [{ pattern: 'b' }, 'b'.repeat(10_001), '"a" has 10001 characters; a value with a pattern may have 10000'],
    [{ pattern: '(' }, 'x', '"a" has a pattern that is no regular expression: ('],
    [{ minLength: 3 }, '😀é', '"a" must have at least 3 characters, not 2'],
    [{ maxLength: 1 }, [1, 2], '"a" must have at most 1 items, not 2'],
    [{ minimum: 0 }, -1, '"a" must be at least 0, not -1'],
    [{ maximum: 1 }, 1.1, '"a" must be at most 1, not 1.1'],
  ])('do not fit: case %#', (rest, value, problem) => {
    expect(check(rest, value)).toEqual([problem]);
  });

  it('are cut short in messages', () => {
    expect(check({ type: 'integer' }, 'x'.repeat(1_000))[0]?.length).toBeLessThan(100);
  });
});

describe('the text of a variable', () => {
  it.each<[PromptVariable['type'], string, unknown]>([
    [undefined, '12', '12'],
    ['string', ' true ', ' true '],
    ['number', '1.5e3', 1500],
    ['number', ' -.5 ', -0.5],
    ['integer', '+42', 42],
    ['integer', '1e3', 1000],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['array', '[1, "a"]', [1, 'a']],
    ['object', '{"a": null}', { a: null }],
  ])('of type %s: %j', (type, text, value) => {
    expect(coerceVariable({ name: 'a', type }, text)).toEqual({ value });
  });

  it.each<[PromptVariable['type'], string]>([
    ['number', ''],
    ['number', '0x10'],
    ['number', 'Infinity'],
    ['number', '1e999'],
    ['integer', '1.5'],
    ['integer', '9007199254740993'],
    ['boolean', 'yes'],
    ['array', '{}'],
    ['array', 'a,b'],
    ['object', '[]'],
    ['object', 'null'],
  ])('that is no %s: %j', (type, text) => {
    expect(coerceVariable({ name: 'a', type }, text)).toEqual({
      problem: expect.stringContaining('"a" must be'),
    });
  });

  it('of an undeclared variable is the text', () => {
    expect(coerceVariable(undefined, '1')).toEqual({ value: '1' });
  });
});
