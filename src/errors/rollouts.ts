import { type ErrorKind, kind } from './kind.ts';

/** What a gradual rollout refuses. */
export const rolloutErrors = {
  CANDIDATE_NOT_FOUND: kind(
    2,
    'No rollout of {name} is running, so it has no candidate.',
    'Name a version instead; "promptv log {name}" lists them.',
  ),
  STRATEGY_UNKNOWN: kind(
    2,
    'There is no strategy named {strategy}.{suggestion}',
    'Use immediate, blue-green, gradual, canary or quick, or declare one under "rollouts.presets" in the configuration.',
  ),
  GATE_INVALID: kind(
    2,
    'The gate {gate} is not valid.',
    'Write METRIC[.p95] <= BOUND or >= BOUND, such as "latency_ms.p95 <= +20%", "error_rate <= +2pp", "error_rate <= 10%" or "quality >= 0.85", or query:NAME with one of "rollouts.queries".',
  ),
  STEPS_INVALID: kind(
    2,
    'The steps {steps} are not valid: {reason}.',
    'Write growing weights in per cent, each with its hold if it has one: --steps 5:10m,25:1h,100',
  ),
  ROLLOUT_NOT_FOUND: kind(
    2,
    'There is no rollout of {name} in {environment}.',
    'Start one: "promptv promote {name} --env {environment} --strategy gradual"; "promptv rollout list" shows those under way.',
  ),
  ROLLOUT_NEEDS_STABLE: kind(
    2,
    '{name} does not run in {environment} yet, so there is nothing to compare a candidate with.',
    'Promote the first version at once, with --strategy immediate.',
  ),
  ROLLOUT_RUNNING: kind(
    1,
    'A rollout of {name}@{candidate} is under way in {environment}: it is {state} at {weight} %.',
    'Look at it ("promptv rollout status {name} --env {environment}"), then end it: "promptv rollout promote {name} --env {environment} --full --reason REASON", or "promptv rollout abort {name} --env {environment}".',
  ),
  ROLLOUT_STATE: kind(
    1,
    'The rollout of {name} in {environment} {stands}: it takes no "{verb}".',
    '{way}; "promptv rollout history {name} --env {environment}" shows what happened.',
  ),
  ROLLOUT_BEHIND: kind(
    1,
    'The checked-out branch is behind its remote, so nothing that is decided here about the rollout of {name} in {environment} could be pushed. Nothing was decided.',
    'Bring your branch up to date: git pull; then run the same command again. Where several machines decide, set "state.branch".',
  ),
  ROLLOUT_DRIFTED: kind(
    1,
    'The rollout of {name} in {environment} is not as it was: {reason}.',
    'Mend that, or end the rollout: "promptv rollout abort {name} --env {environment}".',
  ),
  RETRY_REFUSED: kind(
    3,
    '{name}@{version} may not go to {environment}: {reason}.',
    'See every gate and what would satisfy it: "promptv promote {name}@{version} --env {environment} --dry-run".',
  ),
  WEIGHT_REFUSED: kind(
    3,
    'The weight {weight} % is not between what the candidate has now ({low} %) and the next step ({high} %).',
    'Less moves units back to the stable version, more passes a step over; say that it is meant with --force.',
  ),
} satisfies Record<string, ErrorKind>;
