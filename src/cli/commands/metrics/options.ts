import { InvalidArgumentError, Option } from 'commander';
import type { LogRequest } from '../../../operations/metrics/open.ts';
import type { Context } from '../../context.ts';
import { parseText, textOption } from '../../options.ts';

const collectTexts = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  parseText(value),
];

/** `--metric NAME`, repeated. */
export const metricOption = (description: string): Option =>
  new Option('--metric <name>', `${description}; may be repeated`).argParser(collectTexts);

/** `--metrics FILE|-`: another log. */
export const logOption = (): Option =>
  textOption('--metrics <file>', 'read this file of records instead of the log; - is stdin');

/** What `--metrics` names: the file, or stdin. */
export const logOf = (context: Context, metrics: string | undefined): LogRequest['metrics'] =>
  metrics === '-' ? context.stdin : metrics;

/** `--env NAME`, where it narrows what is read. */
export const scopeOption = (): Option =>
  textOption('--env <environment>', 'only records of this environment');

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

/** `--confidence SHARE`. */
export const confidenceOption = (): Option =>
  new Option('--confidence <share>', 'how sure to be (default: 0.95)').argParser(parseConfidence);
