import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import { environmentStateSchema } from './state.ts';

/** The JSON Schema (2020-12) of what runs of a prompt in an environment. Only the build and the tests load this. */
export const environmentJsonSchema = (): JsonSchema => ({
  ...toJsonSchema(environmentStateSchema, { target: 'draft-2020-12', errorMode: 'ignore' }),
  title: 'promptv environment state',
  description: 'What runs of a prompt in an environment, and every deployment before it.',
});
