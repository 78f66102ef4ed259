import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import { bundleSchema } from './schema.ts';

/** The JSON Schema (2020-12) of a bundle. Only the build and the tests load this. */
export const bundleJsonSchema = (): JsonSchema => ({
  ...toJsonSchema(bundleSchema, { target: 'draft-2020-12', errorMode: 'ignore' }),
  title: 'promptv bundle',
  description: 'What environments run: versions, their hashes and documents.',
});
