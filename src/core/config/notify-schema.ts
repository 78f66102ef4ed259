import * as v from 'valibot';
import { address, argv, duration, key, line, lines, requiredKey, variableName } from './values.ts';

/** One entry of `notify`. */
export const notifySchema = v.strictObject({
  type: requiredKey(
    'A program that reads JSON on stdin (`command`), an address (`webhook`), or a file of JSON lines (`file`).',
    v.picklist(['command', 'webhook', 'file']),
  ),
  events: key('Globs of the events that go there, such as `rollout.*`; none listed: all.', lines, []),
  command: key('Program and arguments of `command`.', v.nullable(argv), null),
  env: key('Environment variables that the program gets beside PATH and HOME.', v.array(variableName), []),
  url: key('Address of `webhook`.', v.nullable(address), null),
  urlEnv: key(
    'Environment variable with the address of `webhook`, where the address itself is secret.',
    v.nullable(variableName),
    null,
  ),
  keyEnv: key(
    'Environment variable with the key that signs what a webhook gets.',
    v.nullable(variableName),
    null,
  ),
  keyFile: key('File with that key, from the workspace on.', v.nullable(line), null),
  file: key('Path of `file`, from the workspace on.', v.nullable(line), null),
  timeout: key('How long one attempt may take.', duration, '10s'),
});
