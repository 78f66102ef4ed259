import { Ajv2020 } from 'ajv/dist/2020.js';
import draft7 from 'ajv/dist/refs/json-schema-draft-07.json' with { type: 'json' };

const ajv = new Ajv2020({ strict: false, validateFormats: false }).addMetaSchema(draft7);

/** Whether a JSON Schema (2020-12, or draft 7) accepts a value; throws on a schema that is none. */
export const accepts = (schema: unknown, value: unknown): boolean => {
  if (typeof schema !== 'object' || schema === null) throw new Error('a JSON Schema is an object');
  return ajv.compile({ ...schema })(value);
};
