import type { ConfigProblem } from './resolve-config.ts';
import type { Config } from './schema.ts';

type Sink = Config['notify'][string];

const ownKeys = {
  command: ['command', 'env'],
  webhook: ['url', 'urlEnv', 'keyEnv', 'keyFile'],
  file: ['file'],
} as const;

/** What is wrong between the keys of `notify`. */
export const findNotifyProblems = ({ notify }: Config): ConfigProblem[] =>
  Object.entries(notify).flatMap(([name, sink]) => findSinkProblems(['notify', name], sink));

const findSinkProblems = (path: readonly string[], sink: Sink): ConfigProblem[] => {
  const { type, url, urlEnv, keyEnv, keyFile } = sink;
  const [needed] = ownKeys[type];
  const isMissing = type === 'webhook' ? url === null && urlEnv === null : sink[needed] === null;
  const strangers = Object.entries(ownKeys).flatMap(([other, keys]) => (other === type ? [] : keys));
  return [
    ...(isMissing ? [{ message: `is missing for "${type}"`, path: [...path, needed] }] : []),
    ...strangers.flatMap((key) =>
      sink[key] === null || sink[key].length === 0
        ? []
        : [{ message: `belongs to another type than "${type}"`, path: [...path, key] }],
    ),
    ...(url !== null && urlEnv !== null
      ? [{ message: 'takes its address from "url" or from "urlEnv", not from both', path }]
      : []),
    ...(keyEnv !== null && keyFile !== null
      ? [{ message: 'takes its key from "keyEnv" or from "keyFile", not from both', path }]
      : []),
  ];
};
