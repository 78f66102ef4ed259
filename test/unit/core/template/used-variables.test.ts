import { describe, expect, it } from 'vitest';
import type { PromptDocument } from '../../../../src/core/prompt/document.ts';
import { includedPrompts } from '../../../../src/core/template/template.ts';
import { declaredVariables, usedVariables } from '../../../../src/core/template/used-variables.ts';

describe('the variables that a document uses', () => {
  it.each<[PromptDocument, string[]]>([
    [{ content: 'Hi {{a}} {{b.c}} {{{d}}} {{&e}}' }, ['a', 'b', 'd', 'e']],
    [{ content: '{{a}} {{a}}' }, ['a']],
    [{ content: '{{#a}}{{b}}{{/a}}{{^c}}{{d}}{{/c}}' }, ['a', 'b', 'c', 'd']],
    [{ content: '{{#a}}{{b}}{{.}}{{/a}}', variables: [{ name: 'a', type: 'boolean' }] }, ['a', 'b']],
    [{ content: '{{#a}}{{b}}{{/a}}', variables: [{ name: 'a', type: 'array' }] }, ['a']],
    [{ content: '{{#a}}{{b}}{{#c}}{{d}}{{/c}}{{/a}}', variables: [{ name: 'a', type: 'object' }] }, ['a']],
    [{ content: '{{#a}}{{b}}{{/a}}', variables: [{ name: 'a', type: 'array' }, { name: 'b' }] }, ['a', 'b']],
    [{ content: '{a} {{b}}', template: 'fstring' }, ['a']],
    [{ content: '{{a}}', template: 'none' }, []],
  ])('%j: %j', (document, names) => {
    expect(usedVariables(document).map(({ name }) => name)).toEqual(names);
  });

  it('are told with their places, in included prompts too, and circles end', () => {
    const partials: Record<string, PromptDocument> = {
      one: { content: '{{x}}{{> two}}' },
      two: { content: '{{y}}{{> one}}', variables: [{ name: 'y', default: 1 }] },
    };
    const document: PromptDocument = {
      messages: [
        { role: 'system', content: '{{a}}{{> one}}{{> gone}}' },
        { role: 'user', content: '{{a}}' },
      ],
      variables: [{ name: 'a', type: 'string' }],
    };
    const partialOf = (name: string): PromptDocument | undefined => partials[name];
    expect(usedVariables(document, partialOf)).toEqual([
      { name: 'a', where: ['messages', 0, 'content'], partial: null },
      { name: 'x', where: ['content'], partial: 'one' },
      { name: 'y', where: ['content'], partial: 'two' },
      { name: 'a', where: ['messages', 1, 'content'], partial: null },
    ]);
    expect(declaredVariables(document, partialOf).map(({ name }) => name)).toEqual(['a', 'y']);
    expect(includedPrompts(document)).toEqual(['one', 'gone']);
  });
});
