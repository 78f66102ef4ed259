import type { OpenOptions } from '../../src/index.ts';
import {
  type AbtestCreateRequest,
  type AbtestStartRequest,
  type AbtestStopRequest,
  createExperiment,
  startExperiment,
  stopExperiment,
} from '../../src/index.ts';
import { createDeliveryRepo, promoteIn } from './delivery.ts';
import type { TempRepo, TempRepoOptions } from './temp-repo.ts';
import { call } from './work-in.ts';

/** The file of the experiment that the tests make. */
export const experimentFile = '.promptv/experiments/tone.yaml';

/** A repository whose production runs greet@1.0.0, of which there are 1.0.1 and 1.0.2 too. */
export const createTestedRepo = async (
  options: Pick<TempRepoOptions, 'files' | 'remote'> = {},
): Promise<TempRepo> => {
  const repo = await createDeliveryRepo(options);
  await promoteIn(repo, 'greet@1.0.0');
  return repo;
};

/** Half gets 1.0.0, the control, half 1.0.1. */
export const definition = {
  prompt: 'greet',
  variants: [
    { name: 'control', version: '1.0.0', weight: 50 },
    { name: 'treatment', version: '1.0.1', weight: 50 },
  ],
};

/** The same with a random part that is none, so that the same units get the same variants in every run. */
export const saltedDefinition = { ...definition, salt: 'fixed' };

type Place = Partial<OpenOptions>;

export const createIn = (repo: TempRepo, request: Partial<AbtestCreateRequest> = {}, place: Place = {}) =>
  call(repo, createExperiment, { id: 'tone', ...(request.file ? {} : { definition }), ...request }, place);

export const startIn = (repo: TempRepo, request: Partial<AbtestStartRequest> = {}, place: Place = {}) =>
  call(repo, startExperiment, { id: 'tone', ...request }, place);

export const stopIn = (repo: TempRepo, request: Partial<AbtestStopRequest> = {}, place: Place = {}) =>
  call(repo, stopExperiment, { id: 'tone', ...request }, place);
