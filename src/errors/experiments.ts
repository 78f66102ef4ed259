import { type ErrorKind, kind } from './kind.ts';

/** What is wrong with an experiment, or with a look at it. */
export const experimentErrors = {
  EXPERIMENT_NOT_FOUND: kind(
    2,
    'There is no experiment {id}.{suggestion}',
    'List them with "promptv abtest list", or define it: promptv abtest create {id} --help',
  ),
  UNIT_INVALID: kind(
    2,
    'The key is empty: everybody without one would fall into the same variant.',
    'Give --key the id of a user or a session; leave it out to get the control.',
  ),
  EXPERIMENT_EXISTS: kind(
    2,
    'There is an experiment {id} already, with another definition.',
    'Look at it with "promptv abtest show {id}", or choose another id.',
  ),
  VARIANT_NOT_FOUND: kind(
    2,
    'The experiment {id} has no variant {variant}.{suggestion}',
    'Its variants are {variants}; "promptv abtest show {id}" shows them.',
  ),
  EXPERIMENT_STATE: kind(
    2,
    'The experiment {id} cannot {event}: {reason}.',
    'Look at it with "promptv abtest show {id}".',
  ),
  EXPERIMENT_CONFLICT: kind(
    1,
    '{environment} has {other} on {prompt} already: one at a time.',
    'End that one first: {command}',
  ),
  CONTROL_NOT_RUNNING: kind(
    1,
    '{environment} runs {running} of {prompt}, and the control of {id} is {control}: units outside the test would get another version than its control.',
    'Promote the control ("promptv promote {prompt}@{control} --env {environment}"), or name what runs there as the control.',
  ),
  NOT_ENROLLED: kind(
    1,
    'The experiment {id} enrolled nobody at {at}: {reason}.',
    'Say when the unit was served with --at, or record the run with --variant NAME.',
  ),
  EXPERIMENT_ID_INVALID: kind(
    2,
    'The id {id} of an experiment is not valid: {reason}.',
    'Use lower-case letters, digits, "-", "_" and ".", at most 100 characters: promptv abtest create tone --help',
  ),
  EXPERIMENT_INVALID: kind(2, '{path} is not a valid experiment: {count} found.', 'Correct {all}'),
  PHASE_NOT_FOUND: kind(
    2,
    'The experiment {id} has no phase {phase}: it has {count}.',
    'Leave out --phase for the last one, or see them: promptv abtest show {id}',
  ),
  PLAN_MISSING: kind(
    2,
    'The experiment {id} has no planned number of units, so a single look has no moment.',
    'Leave out --fixed: the sequential results may be looked at any time; or plan one with "promptv abtest sample-size" and "plannedN" in the definition.',
  ),
  SAMPLE_SIZE_INVALID: kind(2, 'No sample size follows from this: {reason}.', '{hint}'),
  SPLIT_INVALID: kind(
    2,
    'The split cannot assign anyone: {reason}.',
    'Give every variant a whole weight of 0 or more; together they must be 1 to 2147483648.',
  ),
  FIXED_TOO_EARLY: kind(
    3,
    'The experiment {id} has {unitsPerVariant} of {plannedN} planned units a variant: a single look comes at the end.',
    'Leave out --fixed: the sequential results may be looked at any time: promptv abtest results {id}',
  ),
} satisfies Record<string, ErrorKind>;
