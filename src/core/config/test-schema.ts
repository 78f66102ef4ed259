import * as v from 'valibot';
import { count, duration, key, line, requiredKey } from './values.ts';

/** The name of an environment variable. */
const variableName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'must be the name of an environment variable'),
);

/** A program and its arguments, for no shell reads them. */
const argv = v.pipe(v.array(line), v.minLength(1, 'must name a program'));

const positive = v.pipe(count, v.minValue(1, 'must be at least 1'));

const address = v.pipe(
  line,
  v.check(
    (text) => isAddress(text),
    'must be an address such as https://api.example.com/v1, without name, password and query',
  ),
);

const isAddress = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && `${username}${password}${search}${hash}` === '';
};

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
