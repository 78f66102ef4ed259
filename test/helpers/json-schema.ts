type Schema = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const schemasOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

/** Keywords that say nothing about a value. */
const notes = new Set(['$schema', 'title', 'description', 'default', 'examples']);

type Check = (rule: unknown, value: unknown, schema: Schema) => boolean;

const checks: Readonly<Record<string, Check>> = {
  type: (rule, value) => [rule].flat().some((type) => types[String(type)]?.(value) ?? false),
  const: (rule, value) => rule === value,
  enum: (rule, value) => schemasOf(rule).includes(value),
  pattern: (rule, value) => typeof value !== 'string' || new RegExp(String(rule), 'u').test(value),
  minLength: (rule, value) => typeof value !== 'string' || value.length >= Number(rule),
  maxLength: (rule, value) => typeof value !== 'string' || value.length <= Number(rule),
  minItems: (rule, value) => !Array.isArray(value) || value.length >= Number(rule),
  minimum: (rule, value) => typeof value !== 'number' || value >= Number(rule),
  maximum: (rule, value) => typeof value !== 'number' || value <= Number(rule),
  exclusiveMinimum: (rule, value) => typeof value !== 'number' || value > Number(rule),
  required: (rule, value) =>
    !isObject(value) || schemasOf(rule).every((key) => Object.hasOwn(value, String(key))),
  items: (rule, value) => !Array.isArray(value) || value.every((item) => accepts(rule, item)),
  propertyNames: (rule, value) => !isObject(value) || Object.keys(value).every((key) => accepts(rule, key)),
  properties: (rule, value) =>
    !isObject(value) ||
    !isObject(rule) ||
    Object.entries(rule).every(([key, member]) => !Object.hasOwn(value, key) || accepts(member, value[key])),
  additionalProperties: (rule, value, { properties }) =>
    !isObject(value) ||
    Object.entries(value).every(
      ([key, member]) => (isObject(properties) && Object.hasOwn(properties, key)) || accepts(rule, member),
    ),
  anyOf: (rule, value) => schemasOf(rule).some((each) => accepts(each, value)),
  allOf: (rule, value) => schemasOf(rule).every((each) => accepts(each, value)),
  oneOf: (rule, value) => schemasOf(rule).filter((each) => accepts(each, value)).length === 1,
};

/** Whether a JSON Schema accepts a value; throws on a keyword that this small validator does not know. */
export const accepts = (schema: unknown, value: unknown): boolean => {
  if (typeof schema === 'boolean') return schema;
  if (!isObject(schema)) throw new Error(`no schema: ${JSON.stringify(schema)}`);
  return Object.entries(schema).every(([keyword, rule]) => {
    if (notes.has(keyword)) return true;
    const check = checks[keyword];
    if (!check) throw new Error(`unknown keyword ${keyword}`);
    return check(rule, value, schema);
  });
};
