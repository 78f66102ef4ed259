import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import { configSchema } from './schema.ts';

/** JSON Schema of the configuration file, for completion in editors. Only the build and the tests load this. */
export const formatConfigJsonSchema = (): JsonSchema => ({
  ...toJsonSchema(configSchema, { typeMode: 'input', errorMode: 'ignore' }),
  title: 'Configuration of promptv',
});
