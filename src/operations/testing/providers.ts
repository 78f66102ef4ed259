import { join, resolve } from 'node:path';
import { type CallGate, createCallGate } from '../../calls/limit-calls.ts';
import { createMask } from '../../calls/mask-secrets.ts';
import type { NetworkEdge } from '../../calls/network-edge.ts';
import type { Provider } from '../../calls/provider.ts';
import {
  createRecordingProvider,
  createReplayProvider,
  type Recordings,
} from '../../calls/replay-provider.ts';
import type { Config } from '../../core/config/schema.ts';
import { nearestNames } from '../../core/prompt/name.ts';
import { promptvError } from '../../errors.ts';
import { readTextIfThere } from '../../store/read-file.ts';
import { writeFileWhole } from '../../store/write-file.ts';
import { openNetworkEdge } from '../network.ts';
import { programEnvironment } from '../program-environment.ts';
import { suggestion, type Workspace } from '../workspace.ts';

type ProviderConfig = Config['test']['providers'][string];

/** A provider of the configuration, ready to be asked. */
export interface OpenProvider {
  readonly name: string;
  readonly type: ProviderConfig['type'];
  readonly ask: Provider;
  readonly gate: CallGate;
}

/** Opens providers by name, each once a run, so that limits and circuits hold across all tests. */
export type OpenProviders = (name: string) => Promise<OpenProvider>;

/** @throws PROVIDER_NOT_FOUND, KEY_MISSING */
export const createProviderOpener = (
  workspace: Workspace,
  { record }: { readonly record?: string | undefined },
): OpenProviders => {
  const edge = openNetworkEdge(workspace);
  const open = new Map<string, Promise<OpenProvider>>();
  return (name) => {
    const found = open.get(name) ?? openProvider(workspace, { name, edge, record });
    open.set(name, found);
    return found;
  };
};

interface Opening {
  readonly name: string;
  readonly edge: NetworkEdge;
  readonly record: string | undefined;
}

const openProvider = async (workspace: Workspace, { name, edge, record }: Opening): Promise<OpenProvider> => {
  const { providers } = workspace.config.test;
  const config = Object.hasOwn(providers, name) ? providers[name] : undefined;
  if (config === undefined)
    throw promptvError('PROVIDER_NOT_FOUND', {
      name,
      suggestion: suggestion(nearestNames(name, Object.keys(providers))),
    });
  const ask = await createProvider(workspace, config, { name, edge });
  const kept =
    record === undefined || config.type === 'replay'
      ? ask
      : createRecordingProvider(ask, openRecordings(resolve(workspace.cwd, record), record));
  return { name, type: config.type, ask: kept, gate: createCallGate(config) };
};

const createProvider = async (
  workspace: Workspace,
  config: ProviderConfig,
  { name, edge }: Pick<Opening, 'name' | 'edge'>,
): Promise<Provider> => {
  const { env, root } = workspace;
  if (config.type === 'replay') {
    const place = config.dir ?? '';
    return createReplayProvider(openRecordings(resolve(root, place), place));
  }
  if (config.type === 'exec') {
    const { createExecProvider } = await import('../../calls/exec-provider.ts');
    const secrets = config.env.flatMap((variable) => env[variable] ?? []);
    return createExecProvider({
      name,
      argv: config.command ?? [],
      cwd: root,
      env: programEnvironment(workspace, config.env),
      input: config.input,
      mask: createMask(secrets),
    });
  }
  const { createHttpProvider } = await import('../../calls/http-provider.ts');
  const key = config.keyEnv === null ? null : readKey(env, { name, variable: config.keyEnv });
  return createHttpProvider({
    name,
    baseUrl: config.url ?? '',
    key,
    edge,
    mask: createMask(key === null ? [] : [key]),
  });
};

/** A key that cannot stand in a header would be shown by the error that says so. */
const readKey = (
  env: Workspace['env'],
  { name, variable }: { readonly name: string; readonly variable: string },
): string => {
  const key = env[variable]?.trim() ?? '';
  if (key === '') throw promptvError('KEY_MISSING', { name, variable, reason: 'is not set' });
  if (!/^[\x21-\x7e]+$/.test(key))
    throw promptvError('KEY_MISSING', { name, variable, reason: 'holds characters that no key has' });
  return key;
};

const openRecordings = (directory: string, place: string): Recordings => ({
  place,
  read: (file) => readTextIfThere(join(directory, file)),
  write: (file, text) => writeFileWhole(join(directory, file), text),
});
