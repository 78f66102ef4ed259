import { expect, it } from 'vitest';
import { promptJsonSchema } from '../../../../src/core/prompt/json-schema.ts';
import { promptDocumentSchema } from '../../../../src/core/prompt/schema.ts';

it('the JSON Schema describes every key of the schema and the choice of content or messages', () => {
  const schema = promptJsonSchema();
  expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(Object.keys(Object(schema.properties))).toEqual(Object.keys(promptDocumentSchema.entries));
  expect(schema.oneOf).toEqual([{ required: ['content'] }, { required: ['messages'] }]);
  expect(schema).toMatchObject({ properties: { messages: { items: { required: ['role', 'content'] } } } });
});
