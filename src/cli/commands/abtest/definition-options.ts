import { Option } from 'commander';
import { parseCount, textOption, usageError } from '../../options.ts';

/** The flags that say what an experiment's file would; the texts are checked as that file is. */
export interface DefinitionFlags {
  readonly prompt?: string;
  readonly variant?: readonly object[];
  readonly metric?: readonly object[];
  readonly guardrail?: readonly object[];
  readonly mde?: string;
  readonly alpha?: number;
  readonly power?: number;
  readonly plannedN?: number;
  readonly maxDuration?: string;
  readonly startAt?: string;
  readonly env?: string;
  readonly unit?: string;
  readonly design?: string;
  readonly hypothesis?: string;
  readonly autoStop?: boolean;
}

/** The options of `abtest create` that define an experiment. */
export const definitionOptions = (): Option[] => [
  textOption('--prompt <name>', 'the prompt whose versions are compared'),
  new Option(
    '--variant <name=version:weight>',
    'a version, and its share if they are not equal; the first is the control; may be repeated',
  ).argParser(collect(parseVariant)),
  new Option(
    '--metric <name:direction:weight>',
    'what is compared, "higher" or "lower" being better, and its share of the score, if any; may be repeated',
  ).argParser(collect(parseMetric)),
  new Option(
    '--guardrail <metric:bound>',
    'how much worse than control it may be, such as error_rate:+2pp or latency_ms:+20%; may be repeated',
  ).argParser(collect(parseGuardrail)),
  textOption('--mde <effect>', 'the least effect worth finding: 5% of control, 2pp, or an absolute 0.05'),
  new Option('--alpha <share>', 'how often a difference may be claimed that is none').argParser(Number),
  new Option('--power <share>', 'how often a difference of the least effect is to be found').argParser(
    Number,
  ),
  new Option('--planned-n <units>', 'how many units each variant is to have').argParser(parseCount),
  textOption('--max-duration <duration>', 'when everybody gets the control again, such as 14d (default: 7d)'),
  textOption('--start-at <moment>', 'not before this moment: a date, or ISO 8601 with its zone'),
  textOption('--env <environment>', 'where it runs (default: the last environment)'),
  textOption('--unit <kind>', 'what is assigned (default: user)'),
  new Option('--design <design>', 'each unit sees one variant, or each case is run with all').choices([
    'units',
    'paired',
  ]),
  textOption('--hypothesis <text>', 'what is expected, and why'),
  new Option('--auto-stop', 'let "abtest tick" stop it when its verdict stands or its time is over'),
];

/** The definition as its file would have it. */
export const toDefinition = ({
  env: environment,
  variant: variants,
  metric: metrics,
  guardrail: guardrails,
  ...others
}: DefinitionFlags): Readonly<Record<string, unknown>> => {
  const all = { ...others, environment, variants, metrics, guardrails };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
};

const collect =
  (parse: (entry: string) => object) =>
  (entry: string, before: readonly object[] = []): readonly object[] => [...before, parse(entry)];

const parseVariant = (entry: string): object => {
  const [, name, version, weight] = /^([^=]*)=([^:]*)(?::(.*))?$/.exec(entry) ?? [];
  if (name === undefined)
    throw usageError(`The --variant ${entry} has no "=".`, 'Write --variant NAME=VERSION:WEIGHT.');
  return { name, version, weight: weight === undefined ? 1 : toNumber(weight) };
};

/** A metric without a direction stays without one: the check of the whole definition names it with all the rest. */
const parseMetric = (entry: string): object => {
  const [name, direction, weight, ...rest] = entry.split(':');
  if (rest.length > 0)
    throw usageError(`The --metric ${entry} has too many parts.`, 'Write --metric NAME:higher:WEIGHT.');
  return {
    name,
    ...(direction === undefined ? {} : { direction }),
    ...(weight === undefined ? {} : { weight: toNumber(weight) }),
  };
};

const parseGuardrail = (entry: string): object => {
  const [, metric, bound] = /^(.*):([^:]*)$/.exec(entry) ?? [];
  if (metric === undefined)
    throw usageError(`The --guardrail ${entry} has no ":".`, 'Write --guardrail error_rate:+2pp.');
  return { metric, bound };
};

/** What is no number stays a text, which the check of the definition refuses by its place. */
const toNumber = (text: string): number | string =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
