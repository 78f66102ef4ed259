import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import { experimentFileSchema } from './definition.ts';

/** The JSON Schema (2020-12) of an experiment's file. Only the build and the tests load this. */
export const experimentJsonSchema = (): JsonSchema => ({
  ...toJsonSchema(experimentFileSchema, {
    target: 'draft-2020-12',
    typeMode: 'input',
    errorMode: 'ignore',
  }),
  title: 'promptv experiment',
  description: 'An A/B test of versions of one prompt: definition, state and decision.',
});
