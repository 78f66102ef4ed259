import type { Ajv, Options } from 'ajv';

/** Why a text is no JSON that fits the schema, or null. */
export type SchemaCheck = (schema: Readonly<Record<string, unknown>>, text: string) => string | null;

const options: Options = {
  allErrors: true,
  // Models are given schemas with keywords of their own, and formats are hints.
  strict: false,
  validateFormats: false,
  logger: false,
};

/** Loads the validator when it is first needed: drafts 2020-12 and 2019-09, and 7 and 6 where `$schema` says so. */
export const loadSchemaCheck = async (): Promise<SchemaCheck> => {
  const [{ Ajv }, { Ajv2020 }] = await Promise.all([import('ajv'), import('ajv/dist/2020.js')]);
  return (schema, text) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return 'is not JSON';
    }
    const { $schema } = schema;
    const isOld = typeof $schema === 'string' && /draft-0[67]/.test($schema);
    const withoutDraft = { ...schema, $schema: undefined };
    return validate(isOld ? new Ajv(options) : new Ajv2020(options), withoutDraft, value);
  };
};

const mostErrors = 5;

const validate = (ajv: Ajv, schema: Readonly<Record<string, unknown>>, value: unknown): string | null => {
  try {
    if (ajv.validate(schema, value)) return null;
  } catch (error) {
    return `cannot be checked: the schema is not valid (${error instanceof Error ? error.message : String(error)})`;
  }
  const errors = ajv.errors ?? [];
  const shown = errors
    .slice(0, mostErrors)
    .map(({ instancePath, message }) => `${instancePath === '' ? 'it' : instancePath} ${message}`);
  const more = errors.length > mostErrors ? `; ${errors.length - mostErrors} more` : '';
  return `does not fit the schema: ${shown.join('; ')}${more}`;
};

/** The schema of a document's `jsonSchema`, as OpenAI's format has it (`{name, strict, schema}`) or bare. */
export const schemaOfDocument = (jsonSchema: unknown): Readonly<Record<string, unknown>> | null => {
  const value = typeof jsonSchema === 'string' ? parseJson(jsonSchema) : jsonSchema;
  if (!isMapping(value)) return null;
  return isMapping(value.schema) && value.type === undefined ? value.schema : value;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
