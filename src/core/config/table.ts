import type { JsonSchema } from '@valibot/to-json-schema';

/** The table of all keys, in Markdown, from the JSON Schema of the configuration; docs/configuration.md has it. */
export const formatConfigTable = (schema: JsonSchema): string =>
  [
    '| Key | Value | Default | Meaning |',
    '|---|---|---|---|',
    ...listProperties(schema, '').map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`),
  ].join('\n');

const escapeCell = (text: string): string => text.replaceAll('|', '\\|');

const listProperties = (schema: JsonSchema, prefix: string): string[][] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (typeof property === 'boolean') return [];
    const key = `${prefix}${name}`;
    const { items, additionalProperties: values } = property;
    const isRequired = schema.required?.includes(name) ?? false;
    // A mapping with keys of its own is no key to set, only their common beginning.
    const row = property.properties ? [] : [describeProperty(key, property, isRequired)];
    return [
      ...row,
      ...listProperties(property, `${key}.`),
      ...(isSchema(items) ? listProperties(items, `${key}[].`) : []),
      ...(property.anyOf ?? []).flatMap((option) => listItems(option, `${key}[].`)),
      ...(isSchema(values) ? listProperties(values, `${key}.*.`) : []),
    ];
  });

/** The keys of a list's entries, where a list is one of the alternatives. */
const listItems = (option: unknown, prefix: string): string[][] =>
  isSchema(option) && isSchema(option.items) ? listProperties(option.items, prefix) : [];

const describeProperty = (key: string, property: JsonSchema, isRequired: boolean): string[] => [
  `\`${key}\``,
  describeType(property),
  isRequired ? 'required' : `\`${JSON.stringify(property.default)}\``,
  property.description ?? '',
];

const isSchema = (part: unknown): part is JsonSchema =>
  typeof part === 'object' && part !== null && !Array.isArray(part);

const describeType = (schema: JsonSchema): string => {
  const { anyOf, items, additionalProperties: values } = schema;
  if (anyOf) return anyOf.filter(isSchema).map(describeType).join(' or ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((option) => `\`${option}\``).join(' or ');
  if (isSchema(items)) return `list of ${describeType(items)}`;
  if (schema.type === 'object') return describeMapping(values);
  return schema.type === 'string' ? 'text' : `${schema.type}`;
};

/** Settings that another part reads have values of any kind: an empty schema. */
const describeMapping = (values: unknown): string =>
  isSchema(values) && Object.keys(values).length > 0 ? `mapping to ${describeType(values)}` : 'mapping';
