// The JSON Schemas that are shipped, by the name of their file.
import { bundleJsonSchema } from '../src/core/bundle/json-schema.ts';
import { formatConfigJsonSchema } from '../src/core/config/json-schema.ts';
import { environmentJsonSchema } from '../src/core/environment/json-schema.ts';
import { experimentJsonSchema } from '../src/core/experiment/json-schema.ts';
import { promptJsonSchema } from '../src/core/prompt/json-schema.ts';

const $schema = 'https://json-schema.org/draft/2020-12/schema';

export const schemas = {
  prompt: { $schema, ...promptJsonSchema() },
  config: formatConfigJsonSchema(),
  environment: { $schema, ...environmentJsonSchema() },
  experiment: { $schema, ...experimentJsonSchema() },
  bundle: { $schema, ...bundleJsonSchema() },
};
