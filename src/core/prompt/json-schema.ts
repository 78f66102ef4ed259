import { toJsonSchema } from '@valibot/to-json-schema';
import { promptDocumentSchema } from './schema.ts';

/** The JSON Schema (2020-12) of a prompt document, for completion in editors. Only for building and tests. */
export const promptJsonSchema = (): Record<string, unknown> => ({
  ...toJsonSchema(promptDocumentSchema, { target: 'draft-2020-12' }),
  title: 'promptv prompt document',
  description: 'A prompt: its text or messages, variables, model and metadata.',
  oneOf: [{ required: ['content'] }, { required: ['messages'] }],
});
