import * as v from 'valibot';
import { address, argv, count, duration, key, line, requiredKey, variableName } from './values.ts';

const positive = v.pipe(count, v.minValue(1, 'must be at least 1'));

const provider = v.strictObject({
  type: requiredKey(
    'A program (`exec`), a server of OpenAI-compatible chat completions (`http`), or recorded answers (`replay`).',
    v.picklist(['exec', 'http', 'replay']),
  ),
  command: key('Program and arguments of `exec`.', v.nullable(argv), null),
  input: key('What the program reads on stdin.', v.picklist(['text', 'json']), 'text'),
  env: key('Environment variables that the program gets beside PATH and HOME.', v.array(variableName), []),
  url: key('Address of `http`, up to and without `/chat/completions`.', v.nullable(address), null),
  keyEnv: key('Environment variable with the key of `http`.', v.nullable(variableName), null),
  dir: key('Directory of the recordings of `replay`, below the workspace.', v.nullable(line), null),
  concurrency: key(
    'Requests at the same time; `null`: as many as there are workers.',
    v.nullable(positive),
    null,
  ),
  requestsPerMinute: key('Requests a minute; `null`: no limit.', v.nullable(positive), null),
});

/** The key `test`. */
export const testSchema = v.strictObject({
  provider: key(
    'Name of the provider that answers; `null`: none, the rendering alone is tested.',
    v.nullable(line),
    null,
  ),
  providers: key('Name → who answers prompts.', v.record(v.string(), provider), {}),
  commands: key(
    'Name → program and arguments that judge an answer, for the assertion `command`.',
    v.record(v.string(), argv),
    {},
  ),
  parallel: key(
    'Tests that run at the same time.',
    v.pipe(positive, v.maxValue(10, 'must be at most 10')),
    4,
  ),
  timeout: key('How long one test may take.', duration, '30s'),
});
