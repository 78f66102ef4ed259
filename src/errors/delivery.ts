import { type ErrorKind, kind } from './kind.ts';

/** What keeps a version from running: environments, approvals, rollbacks, rollouts, and the files that record them. */
export const deliveryErrors = {
  ENVIRONMENT_NOT_FOUND: kind(
    2,
    'There is no environment named {environment}.{suggestion}',
    'Declare it under "environments" in the configuration; "promptv config show" prints it.',
  ),
  ENVIRONMENT_EMPTY: kind(
    2,
    '{name} was never promoted to {environment}.',
    'Promote a version: "promptv promote {name} --env {environment}".',
  ),
  BUNDLE_INVALID: kind(
    2,
    '{path} is not a valid bundle: {reason}.',
    'Make it anew where git is: "promptv bundle -o FILE"; "promptv verify FILE" lists what is wrong.',
  ),
  STAGE_NOT_FOUND: kind(
    2,
    '{environment} has no stage of approval named {stage}.{suggestion}',
    'Declare it under "environments[].approvals" in the configuration; "promptv config show" prints it.',
  ),
  NO_STAGES: kind(
    2,
    '{environment} has no stages of approval.',
    'Promote at once ("promptv promote REF --env {environment}"), or declare stages in the configuration.',
  ),
  APPROVAL_AUTOMATIC: kind(
    2,
    '{ref} was not submitted for {environment} and needs no approval there (autoApprove), so there is nothing to reject.',
    'Stop the version everywhere: "promptv annotate {ref} REASON --mark archived".',
  ),
  NOT_AN_APPROVER: kind(
    3,
    '{person} is no approver of the stage {stage} in {environment}; {approvers} may decide.',
    'Ask one of them; "promptv approval status {ref} --env {environment}" shows who has.',
  ),
  OWN_VERSION: kind(
    3,
    '{person} cannot approve {ref}: {reason}.',
    'Ask somebody who did not work on it, or set "allowSelfApproval" for {environment}.',
  ),
  NOT_SUBMITTED: kind(
    3,
    '{ref} was not submitted for {environment}.',
    'Submit it: "promptv approval submit {ref} --env {environment}".',
  ),
  STAGE_WAITING: kind(
    3,
    'The stage {stage} waits: {first} is not approved yet.',
    'Approve that first: "promptv approval approve {ref} --env {environment} --stage {first}".',
  ),
  STAGE_REJECTED: kind(
    3,
    '{ref} was rejected in the stage {stage} by {person}.',
    'Settle it with them, then submit it again: "promptv approval submit {ref} --env {environment}".',
  ),
  STATE_INVALID: kind(
    1,
    '{path} is not a valid state file, {first}{more}.',
    'Look at its history ("git log -p {path}") and put back what stood there.',
  ),
  STATE_MOVED: kind(
    1,
    'The branch {branch} moved while promptv was deciding.',
    'Run the command again: it looks at everything anew.',
  ),
  STATE_DIVERGED: kind(
    1,
    'The branch {branch} has decisions that {remote} lacks, and both changed {paths}.',
    'Keep one of the two: to drop those of this clone, type "git branch --force {branch} {remote}/{branch}"; then run the command again.',
  ),
  SIGNATURE_REFUSED: kind(
    1,
    'This decision must be a signed commit, and its signature does not count: {reason}. Nothing was changed.',
    'Sign with the key that gpg.ssh.allowedSignersFile (or your keyring) knows as {signer}: set "gpg.format" and "user.signingkey".',
  ),
  DEPLOYMENT_NOT_FOUND: kind(
    2,
    '{name} has no deployment {deployment} in {environment}.',
    'List them: "promptv env history {environment} {name}".',
  ),
  ALREADY_ROLLED_BACK: kind(
    2,
    '{name} was rolled back in {environment} already: it went from {from} to {to} at {at}.',
    '"promptv env history {environment} {name}" lists what ran. {further}',
  ),
  NO_PREVIOUS_VERSION: kind(
    2,
    '{name} has no earlier good version in {environment} to go back to.',
    'Name one: "promptv rollback {name} --env {environment} --to VERSION"; "promptv env history {environment} {name}" lists what ran.',
  ),
  ROLLBACK_CONFLICT: kind(
    1,
    '{name} runs {current} in {environment}, not {from}.',
    'Someone moved it meanwhile: look with "promptv env history {environment} {name}".',
  ),
  ROLLBACK_TIMEOUT: kind(
    1,
    'The rollback took longer than {seconds} s. Done: {done}. Not done: {missing}.',
    'Run the same command again: it finishes what is missing and moves nothing twice.',
  ),
} satisfies Record<string, ErrorKind>;
