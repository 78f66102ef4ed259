import type { PromptDocument } from '../prompt/document.ts';

/** `responseFormat` and `jsonSchema` of a document as chat completions take them; null for none. */
export const responseFormatOf = ({ responseFormat, jsonSchema }: PromptDocument): unknown => {
  if (responseFormat === undefined || responseFormat === null) return null;
  if (responseFormat !== 'json_schema')
    return typeof responseFormat === 'string' ? { type: responseFormat } : responseFormat;
  return { type: 'json_schema', json_schema: readSchema(jsonSchema) };
};

const readSchema = (schema: unknown): unknown => {
  if (typeof schema !== 'string') return schema ?? null;
  try {
    return JSON.parse(schema);
  } catch {
    return schema;
  }
};
