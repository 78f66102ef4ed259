import { sendsInTheOpen } from './open-address.ts';
import type { ConfigProblem } from './resolve-config.ts';
import type { Config } from './schema.ts';

/** The name that stands for no provider. */
const noProvider = 'none';

type ProviderConfig = Config['test']['providers'][string];

/** What each type of provider needs. */
const neededKeys = { exec: 'command', http: 'url', replay: 'dir' } as const;

/** What is wrong between the keys of `test`, and between them and those of environments. */
export const findTestProblems = ({ test, environments }: Config): ConfigProblem[] => {
  const names = [...Object.keys(test.providers), noProvider];
  const chosen = [
    { name: test.provider, path: ['test', 'provider'] },
    ...environments.map((each, at) => ({
      name: each.test.provider,
      path: ['environments', at, 'test', 'provider'],
    })),
  ];
  return [
    ...chosen.flatMap(({ name, path }) =>
      name === null || names.includes(name) ? [] : [{ message: `"${name}" is none of test.providers`, path }],
    ),
    ...Object.entries(test.providers).flatMap(([name, provider]) => findProviderProblems(name, provider)),
  ];
};

const findProviderProblems = (name: string, provider: ProviderConfig): ConfigProblem[] => {
  const path = ['test', 'providers', name];
  const needed = neededKeys[provider.type];
  return [
    ...(name === noProvider ? [{ message: `"${noProvider}" stands for no provider`, path }] : []),
    ...(provider[needed] === null
      ? [{ message: `is missing for "${provider.type}"`, path: [...path, needed] }]
      : []),
    ...Object.values(neededKeys).flatMap((key) =>
      key === needed || provider[key] === null
        ? []
        : [{ message: `belongs to another type than "${provider.type}"`, path: [...path, key] }],
    ),
    ...(provider.keyEnv !== null && sendsInTheOpen(provider.url)
      ? [{ message: 'must begin with https:// where a key is sent', path: [...path, 'url'] }]
      : []),
  ];
};
