import { InvalidArgumentError, Option } from 'commander';
import { parseCount } from '../../options.ts';
import { collectNames } from './log-options.ts';

/** `--metric NAME`, repeated. */
export const metricOption = (description: string): Option =>
  new Option('--metric <name>', `${description}; may be repeated`).argParser(collectNames);

/** Takes a confidence between 0.5 and 1, both left out. */
const parseConfidence = (value: string): number => {
  const confidence = Number(value);
  if (value.trim() === '' || !(confidence > 0.5 && confidence < 1))
    throw new InvalidArgumentError('Give a number between 0.5 and 1, such as 0.95.');
  return confidence;
};

/** Takes a number from 0. */
export const parseAmount = (value: string): number => {
  const amount = Number(value);
  if (value.trim() === '' || !Number.isFinite(amount) || amount < 0)
    throw new InvalidArgumentError('Give a number from 0.');
  return amount;
};

const mostSteps = 1000;

/** Takes a whole number from 1 to 1,000. */
export const parseSteps = (value: string): number => {
  const steps = parseCount(value);
  if (steps > mostSteps) throw new InvalidArgumentError(`Give no more than ${mostSteps}.`);
  return steps;
};

/** `--confidence SHARE`. */
export const confidenceOption = (): Option =>
  new Option('--confidence <share>', 'how sure to be (default: 0.95)').argParser(parseConfidence);
