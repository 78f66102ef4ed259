import { InvalidArgumentError, Option } from 'commander';
import { parseCount, textOption } from '../../options.ts';

const parseNumber = (value: string): number => {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('Give a number.');
  return number;
};

const parsePositive = (value: string): number => {
  const number = parseNumber(value);
  if (number <= 0) throw new InvalidArgumentError('Give a number above 0.');
  return number;
};

/** Takes a probability that is neither 0 nor 1. */
export const parseProbability = (value: string): number => {
  const number = parseNumber(value);
  if (number <= 0 || number >= 1)
    throw new InvalidArgumentError('Give a number between 0 and 1, such as 0.05.');
  return number;
};

const parseVariants = (value: string): number => {
  const count = parseCount(value);
  if (count < 2 || count > 10)
    throw new InvalidArgumentError('Give a number from 2 to 10, control included.');
  return count;
};

/** What a metric is like, for those that plan an experiment. */
export const planOptions = (): Option[] => [
  new Option('--type <type>', 'a mean, or a rate of yes and no (default: mean)').choices(['mean', 'rate']),
  new Option('--baseline <value>', "control's mean, or its rate from 0 to 1").argParser(parseNumber),
  new Option('--sd <value>', "a mean's standard deviation between units").argParser(parsePositive),
  new Option(
    '--alpha <share>',
    'how often a difference may be claimed that is none (default: 0.05)',
  ).argParser(parseProbability),
  new Option('--variants <count>', 'how many, control included (default: 2)').argParser(parseVariants),
  textOption('--metrics <file>', 'read this file of records instead of the log; - is stdin'),
];

/** `--ratio R`. */
export const ratioOption = (): Option =>
  new Option('--ratio <share>', 'units of another variant for one of control (default: 1)').argParser(
    parsePositive,
  );
