/** 1 the world is in the way, 2 the command line or a file, 3 a check said no, 70 a bug, 130 interrupted. */
type FailureCode = 1 | 2 | 3 | 70 | 130;

/** One way a command can fail that a user can meet: its exit code, message and the next command to type. */
interface ErrorKind {
  readonly exitCode: FailureCode;
  readonly message: (details: Details) => string;
  readonly hint: (details: Details) => string;
}

type Details = Readonly<Record<string, unknown>>;

const kind = (exitCode: FailureCode, message: string, hint: string): ErrorKind => ({
  exitCode,
  message: (details) => fill(message, details),
  hint: (details) => fill(hint, details),
});

/** Replaces `{name}` by the detail of that name; a list is joined by commas. */
const fill = (text: string, details: Details): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => formatDetail(details[name]));

const formatDetail = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(', ') : value === undefined ? '' : String(value);

/** Every failure of a command line, a user's file or the world; docs/errors.md is generated from this table. */
export const errorKinds = {
  // The command line or a file of the user's is wrong: exit 2.
  USAGE: kind(2, '{message}', '{hint}'),
  NAME_INVALID: kind(
    2,
    'The prompt name {name} is not valid: {reason}.',
    'Use lower-case letters, digits, "-", "_", "." and "/", at most 100 characters, as in "support/triage"; "promptv list" shows the names there are.',
  ),
  NAME_CLASH: kind(
    2,
    'Two files give the prompt name {name}: {paths}.',
    'Take one of them away ("git rm FILE"), or give it another name ("git mv FILE NEW"); then "promptv status {name}".',
  ),
  NAME_EXISTS: kind(2, 'The prompt {name} exists already: {path}.', 'Choose another name, or edit {path}.'),
  REF_INVALID: kind(
    2,
    'The reference {ref} is not valid: {reason}.',
    'Write NAME@SELECTOR, for example "support/triage@1.2.0", "@latest", "@working", "@git:HEAD~1" or "@^1.0.0"; "promptv log" lists versions.',
  ),
  REF_UNSAVED: kind(
    2,
    'The reference {ref} names no saved version, and only those can be used here.',
    'Name one, such as {name}@latest ("promptv log {name}" lists them); what is on disk becomes one with "promptv save {name}".',
  ),
  VERSION_UNEXPECTED: kind(
    2,
    'This command takes a prompt, and {ref} is a version of one.',
    'Name the prompt alone: {name}; "rollback" takes a version as --to VERSION.',
  ),
  PROMPT_NOT_FOUND: kind(
    2,
    'There is no prompt named {name}.{suggestion}',
    'List the prompts with "promptv list".',
  ),
  VERSION_NOT_FOUND: kind(
    2,
    'The prompt {name} has no version {version}.{suggestion}',
    'List its versions with "promptv log {name}"; fetch those that only the remote has: "promptv sync --tags".',
  ),
  NO_VERSION: kind(
    2,
    'The prompt {name} has no version in this clone.',
    'Give it its first: "promptv save {name}"; if the tags were not fetched: "promptv sync --tags".',
  ),
  TEXT_NOT_FOUND: kind(
    2,
    'The prompt {name} has no file at {place}.{suggestion}',
    'Name another place, or put a version back with "promptv restore {name}".',
  ),
  REVISION_NOT_FOUND: kind(
    2,
    'git knows no commit {revision}.',
    'Name a commit, branch or tag that "git rev-parse" knows.',
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
  CANDIDATE_NOT_FOUND: kind(
    2,
    'No rollout of {name} is running, so it has no candidate.',
    'Name a version instead; "promptv log {name}" lists them.',
  ),
  VERSION_INVALID: kind(
    2,
    'The version {version} cannot be used: {reason}.',
    'Give a semantic version such as 1.2.0 or 2.0.0-rc.1 that is not taken; "promptv log NAME" lists them.',
  ),
  ENVIRONMENT_NOT_FOUND: kind(
    2,
    'There is no environment named {environment}.{suggestion}',
    'Declare it under "environments" in the configuration; "promptv config show" prints it.',
  ),
  PROMPT_INVALID: kind(
    2,
    '{path} is not a valid prompt document: {count}.',
    'Correct {first}; "promptv status" checks every file again.',
  ),
  CONFIG_INVALID: kind(
    2,
    'The configuration {path} is not valid: {count} found.',
    'Correct {first}; "promptv config show" prints what is in force.',
  ),
  CONFIG_NOT_FOUND: kind(
    2,
    'There is no configuration file {path}.',
    'Write one with "promptv init", or name another with --config FILE.',
  ),
  FILE_NOT_FOUND: kind(
    2,
    'There is no file {path}.',
    'Check the path; "promptv list" shows the prompts and their files.',
  ),
  FOLDER_NOT_FOUND: kind(
    2,
    'There is no folder {path}.',
    'Check the path; if it is right, make the folder: mkdir -p {path}',
  ),
  FILE_IGNORED: kind(
    2,
    'Git ignores {path}, so it cannot be versioned.',
    'Remove the rule that ignores it ("git check-ignore -v {path}" names it).',
  ),
  FILE_TOO_LARGE: kind(
    2,
    '{path} has {bytes} bytes; a prompt file may have {limit}.',
    'Split it, or move data out of the prompt; then "promptv status" again.',
  ),
  FILE_SYMLINK: kind(
    2,
    '{path} is a symbolic link.',
    'Look where it leads ("ls -l {path}"), and put the file itself in its place.',
  ),
  FILE_LFS: kind(
    2,
    '{path} is a Git LFS pointer, not a prompt.',
    'Take the file out of LFS: "git lfs untrack {path}".',
  ),
  FILE_OUTSIDE: kind(
    2,
    '{path} lies outside the prompts directory {directory}.',
    'Move it below {directory}, or set "prompts.dir" in the configuration.',
  ),
  FILE_NOT_EDITABLE: kind(
    2,
    '{path} cannot be edited at "{where}" without touching more of it.',
    'Make this change in {path} by hand, or write that part in a simpler way first.',
  ),
  VARIABLES_INVALID: kind(
    2,
    'The variables of {name} do not fit: {problems}.',
    'Give them with --var NAME=VALUE or --vars FILE; "promptv show {name}" lists them.',
  ),
  TEMPLATE_INVALID: kind(
    2,
    'The template of {name} is not valid: {reason}.',
    'Correct the template at {where}.',
  ),
  VARIABLES_FILE_INVALID: kind(
    2,
    'The variables file {path} cannot be read: {reason}.',
    'Write a YAML or JSON mapping of variable names to values.',
  ),
  DEPENDENCY_NOT_FOUND: kind(
    2,
    '{name} includes {dependency}, which {reason}.',
    'Save it first: "promptv save {dependency}", or correct the range under "dependencies".',
  ),
  DEPENDENCY_CYCLE: kind(
    2,
    'The partials form a circle: {cycle}.',
    'Remove one of the inclusions; "promptv status" tells whether the circle is broken.',
  ),
  DEPENDENCY_CONFLICT: kind(
    2,
    'No version of {dependency} satisfies every range that {name} needs: {ranges}.',
    'Widen one of the ranges under "dependencies"; "promptv log" lists the versions.',
  ),
  MESSAGE_REQUIRED: kind(
    2,
    'The configuration requires a message for every version (requireMessage).',
    'Give one: "promptv save -m MESSAGE".',
  ),
  MESSAGE_INVALID: kind(
    2,
    'The {what} cannot be stored: {reason}.',
    'Give it without that: tabs and line ends are kept, other control characters and lines that begin "-----BEGIN " are not.',
  ),
  META_INVALID: kind(
    2,
    'The --meta entry {entry} is not valid: {reason}.',
    'Write --meta KEY=VALUE; KEY has letters, digits and "-", and begins with a letter.',
  ),
  AUTHOR_INVALID: kind(2, 'The author {author} is not valid.', 'Write --author "Name <name@example.com>".'),
  RANGE_INVALID: kind(
    2,
    'The range {range} is not valid: {reason}.',
    'Write FROM..TO with two versions of one prompt, for example 1.0.0..1.2.0.',
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
  TEXT_INVALID: kind(
    2,
    'The {what} cannot be stored: {reason}.',
    'Give 1 to 50000 characters: tabs and line ends are kept, other control characters are not.',
  ),
  TAG_PREFIX_CLASH: kind(
    2,
    'The tag prefix {prefix} is used by another workspace of this repository: {paths}.',
    'Set another "tagPrefix" in one of the two configurations.',
  ),
  TESTS_INVALID: kind(
    2,
    'The tests in {path} are not valid: {count} found.',
    'Correct {first}; docs/testing.md lists the assertions.',
  ),
  SNAPSHOTS_INVALID: kind(
    2,
    '{path} is not a file of snapshots.',
    'Remove it, and accept the texts again: promptv test --update',
  ),
  NO_TESTS: kind(
    2,
    '{names} has no tests.',
    'Write some under "tests" in its document, or in {path}; docs/testing.md shows how.',
  ),
  PROVIDER_NOT_FOUND: kind(
    2,
    'There is no provider named {name}.{suggestion}',
    'Declare it under "test.providers" in the configuration, or take --provider none.',
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
    'Promote the first version at once: add --strategy immediate.',
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
  DEPLOYMENT_NOT_FOUND: kind(
    2,
    '{environment} has no deployment {deployment} of {name}.',
    'List them: "promptv env history {environment} {name}".',
  ),
  BRANCH_INVALID: kind(
    2,
    'The branch name {branch} is not valid.',
    'Name a branch as "git branch" lists it, without refs/heads/.',
  ),
  BRANCH_NOT_FOUND: kind(
    2,
    'There is no branch {branch} to read the state from.',
    'List the branches with "git branch --all"; fetch one that only the remote has: "git fetch".',
  ),
  TIME_INVALID: kind(
    2,
    'The time {time} is not valid.',
    'Write a date (2026-03-01), a local time (2026-03-01T14:30), one with its offset (2026-03-01T14:30:00Z), or for --since and --until a span ago (7d).',
  ),
  TIME_ZONE_UNKNOWN: kind(
    2,
    'There is no time zone {timeZone}.',
    'Name an area, for example "Europe/Berlin", "America/New_York" or "UTC".',
  ),
  VERSION_ARCHIVED: kind(
    2,
    '{name}@{version} is archived.',
    'Choose another version, or lift the mark: "promptv annotate {name}@{version} REASON --mark none".',
  ),
  SPLIT_INVALID: kind(
    2,
    'The split cannot assign anyone: {reason}.',
    'Give every variant a whole weight of 0 or more; together they must be 1 to 2147483648.',
  ),
  STATS_FUNCTION_UNKNOWN: kind(
    2,
    'There is no statistic named {fn}.{suggestion}',
    'List them with "promptv stats --help".',
  ),
  STATS_INPUT_INVALID: kind(
    2,
    'The input of {fn} is not valid: {problems}.',
    'Correct it; "promptv stats --help" shows an example.',
  ),
  METRICS_FIELD_UNKNOWN: kind(
    2,
    'Records of the metrics log have no field {field} to select or group by.',
    'Use one of: {known} (the last four only to group by).',
  ),
  METRICS_FIELD_TAKEN: kind(
    2,
    'The records are chosen by {field} already, so --where {field}=… cannot choose them too.',
    'Leave out --where {field}=…, or the argument that names the {field}.',
  ),
  METRICS_RECORD_INVALID: kind(
    2,
    'The record {number} cannot be stored: {reason}.',
    'Nothing of the batch was written; correct the record and send the batch again.',
  ),
  METRICS_RECORD_TOO_LARGE: kind(
    2,
    'The record {number} has {bytes} bytes as a line; a line may have {limit}.',
    'Leave out "input", "output" or parts of "meta".',
  ),
  PERIOD_INVALID: kind(
    2,
    'The period {period} is not valid.',
    'Write a span until now (7d, 24h), a day (2026-03-01), or FROM..TO, each a time or a span ago: 14d..7d.',
  ),
  METRICS_WRITER_INVALID: kind(
    2,
    'The name of the writer {writer} is not valid.',
    'Set "metrics.writer" to at most 64 letters, digits, "_" and "-".',
  ),
  METRICS_IMPORT_INVALID: kind(
    2,
    'The input is not {format}: {reason}.',
    'Check --format: jsonl, csv, otlp, promptfoo or gh-models; "promptv metrics import --help" tells them apart.',
  ),
  // The world is in the way: exit 1.
  GIT_MISSING: kind(1, 'The program git was not found.', 'Install git 2.34 or newer and put it on PATH.'),
  GIT_TOO_OLD: kind(1, 'git {version} is too old.', 'Install git 2.34 or newer.'),
  GIT_TIMEOUT: kind(
    1,
    'git {command} did not end in time and was stopped.',
    'Run the command again; --debug shows every call of git.',
  ),
  GIT_FAILED: kind(
    1,
    'git {command} failed: {reason}',
    'Run the command again with --debug to see every call of git.',
  ),
  NOT_A_REPOSITORY: kind(
    1,
    '{path} is not inside a git repository.',
    'Change into one, name it with -C DIR, or make one: "git init".',
  ),
  BARE_REPOSITORY: kind(
    1,
    '{path} is a bare repository: it has no files.',
    'Clone it and work in the clone.',
  ),
  IDENTITY_MISSING: kind(
    1,
    'git does not know who you are.',
    'Type: git config user.name "Your Name" && git config user.email you@example.com',
  ),
  OPERATION_IN_PROGRESS: kind(
    1,
    'A {operation} is in progress in this repository.',
    'Finish it ("git {operation} --continue") or drop it ("git {operation} --abort") first.',
  ),
  PARTIALLY_STAGED: kind(
    1,
    '{path} is staged with another text than HEAD has and than is on disk.',
    'Stage all of it ("git add {path}") or nothing ("git restore --staged {path}").',
  ),
  LOCK_TIMEOUT: kind(
    1,
    'Another promptv has held the lock for {seconds} s: {holder}.',
    'Wait for it; if it is gone: "promptv doctor --fix". Another machine\'s lock only you can judge: rm "{path}"',
  ),
  INDEX_LOCKED: kind(
    1,
    "Git's index has been locked by another process: {path}.",
    'Wait for the other git to end; if none runs, remove that file.',
  ),
  HOOK_REFUSED: kind(
    1,
    'A hook of this repository refused the commit: {reason}',
    'Correct what it reports, or skip hooks with --no-verify.',
  ),
  SIGNING_FAILED: kind(
    1,
    'The {object} could not be signed: {reason}',
    'Check "user.signingkey", "gpg.format" and the key itself, then run the command again.',
  ),
  TAG_EXISTS: kind(
    1,
    'The tag {tag} exists already.',
    'Fetch it ("promptv sync --tags") and run the command again.',
  ),
  TAGS_MISSING: kind(
    1,
    'This is a shallow clone without the tags of {names}, so the next number is not known.',
    'Fetch them: git fetch {remote} "refs/tags/{prefix}/*:refs/tags/{prefix}/*". What has none then is new: save it with --push, which asks the remote first.',
  ),
  HISTORY_MISSING: kind(
    1,
    'This is a shallow clone: {names} may be a new name of {gone}, which has versions and no file, so the next number is not known.',
    'Fetch the history: git fetch --unshallow {remote} (in CI: check out with its whole depth), and run the same command again; or say that it is new: promptv save {first} --set-version 1.0.0 --push',
  ),
  VERSION_MISSING: kind(
    1,
    '{environment} names {name}@{version}, and this clone has no tag of it.',
    'Fetch the tags: "promptv sync --tags" (or "git fetch --tags"); if the remote lost it too, promote another version.',
  ),
  VERSION_CHANGED: kind(
    1,
    '{name}@{version} is not what was saved: {reason}.',
    'Find out who changed the tag: "promptv doctor".',
  ),
  VERSION_PUSHED: kind(
    1,
    '{name}@{version} is on the remote {remote}, so it stays.',
    'Save a new version instead, or mark this one: "promptv annotate {name}@{version} REASON --mark deprecated".',
  ),
  VERSION_IN_USE: kind(
    1,
    '{name}@{version} is named by {users}, so it stays.',
    'Take back the versions that pin it ("promptv unsave REF"), or mark this one: "promptv annotate {name}@{version} REASON --mark deprecated".',
  ),
  REMOTE_MISSING: kind(
    1,
    'There is no remote named {remote}.',
    'Add one ("git remote add {remote} URL") or name another with --remote.',
  ),
  REMOTE_UNREACHABLE: kind(
    1,
    'The remote {remote} did not answer: {reason}',
    'Check the network and your access, then run the same command again.',
  ),
  PUSH_REJECTED: kind(1, 'The remote {remote} refused the push: {reason}.{kept}', '{first}; then {command}'),
  WORKING_MODIFIED: kind(
    1,
    '{path} has text that no version holds.',
    'Save it first ("promptv save {name}") or overwrite it with --force.',
  ),
  FILES_MODIFIED: kind(
    1,
    'These files have changes that are not committed: {paths}.',
    'Commit or save them first.',
  ),
  ROLLBACK_CONFLICT: kind(
    1,
    '{name} runs {current} in {environment}, not {from}.',
    'Someone moved it meanwhile: look with "promptv env history {environment} {name}".',
  ),
  ROLLOUT_RUNNING: kind(
    1,
    'A rollout of {name}@{candidate} is under way in {environment}: it is {state} at {weight} %.',
    'Look at it ("promptv rollout status {name} --env {environment}"), then end it: "promptv rollout promote {name} --env {environment} --full --reason REASON", or "promptv rollout abort {name} --env {environment}".',
  ),
  ROLLOUT_STATE: kind(
    1,
    'The rollout of {name} in {environment} is {state}: it takes no "{verb}".',
    'See what it waits for: "promptv rollout status {name} --env {environment}".',
  ),
  ROLLOUT_BEHIND: kind(
    1,
    'The rollout of {name} in {environment} goes on, but the checked-out branch is behind its remote, so nothing that is decided here could be pushed.',
    'Bring your branch up to date: git pull; then run the same command again. Where several machines tick, set "state.branch".',
  ),
  RETRY_REFUSED: kind(
    3,
    '{name}@{version} may not go to {environment}: {reason}.',
    'See every gate and what would satisfy it: "promptv promote {name}@{version} --env {environment} --dry-run".',
  ),
  ROLLOUT_DRIFTED: kind(
    1,
    'The rollout of {name} in {environment} is not as it was: {reason}.',
    'Mend that, or end the rollout: "promptv rollout abort {name} --env {environment}".',
  ),
  WEIGHT_REFUSED: kind(
    3,
    'The weight {weight} % is not between what the candidate has now ({low} %) and the next step ({high} %).',
    'Less moves units back to the stable version, more passes a step over; say that it is meant with --force.',
  ),
  ROLLBACK_TIMEOUT: kind(
    1,
    'The rollback took longer than {seconds} s. Done: {done}. Not done: {missing}.',
    'Run the same command again: it finishes what is missing and moves nothing twice.',
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
  HEAD_DETACHED: kind(
    1,
    'HEAD is detached, so there is no branch to push the decision to.',
    'Check out a branch ("git switch BRANCH"), or write to one with --branch NAME.',
  ),
  SIGNATURE_REFUSED: kind(
    1,
    'This decision must be a signed commit, and its signature does not count: {reason}. Nothing was changed.',
    'Sign with the key that gpg.ssh.allowedSignersFile (or your keyring) knows as {signer}: set "gpg.format" and "user.signingkey".',
  ),
  BRANCH_CHECKED_OUT: kind(
    1,
    'The state branch {branch} is checked out in {path}.',
    'Check out another branch there: a state branch is written without a checkout.',
  ),
  STATE_INVALID: kind(
    1,
    '{path} is not a valid state file: {count} found.',
    'Look at its history ("git log -p {path}") and put back what stood there: {first}',
  ),
  HOOKS_SHARED: kind(
    1,
    'git takes hooks from {folder}, which other repositories use too.',
    'Give this clone a folder of its own ("git config core.hooksPath .git/hooks"), or call "promptv hooks run pre-commit" from the hook that is there.',
  ),
  INSIDE_COMMIT: kind(
    1,
    'git is in the middle of a commit: {command} cannot run inside a {hook} hook.',
    'Run it after the commit.',
  ),
  CALL_FAILED: kind(
    1,
    'The call to {address} failed: {reason}.',
    'Check the address, the key and the network, then run the same command again.',
  ),
  CIRCUIT_OPEN: kind(
    1,
    '{address} is not asked any more: {failures} calls in a row failed, the last: {reason}.',
    'Run the same command again in {seconds} s; "network.breaker" sets the limits.',
  ),
  PROVIDER_FAILED: kind(
    1,
    'The provider {name} failed: {reason}.',
    'Correct it under "test.providers"; "promptv config show" prints what is in force.',
  ),
  KEY_MISSING: kind(
    1,
    'The provider {name} needs a key in the environment variable {variable}, which {reason}.',
    'Set it, or answer from recordings: --provider NAME with a provider of the type "replay".',
  ),
  RECORDING_MISSING: kind(
    1,
    'There is no recorded answer to this request: {place}/{file}.',
    'Record it where the provider can be reached: promptv test --provider NAME --record {place}',
  ),
  RECORDING_INVALID: kind(
    1,
    'The recording {place}/{file} cannot be read.',
    'Remove it, and record the answer again: promptv test --provider NAME --record {place}',
  ),
  TESTS_NOT_RUN: kind(
    1,
    'No test could be run to its end; the first: {first}',
    'Correct that and run the same command again; --provider none tests the rendering alone.',
  ),
  FILE_ACCESS: kind(
    1,
    '{path} could not be {action}: {reason}.',
    'Check its permissions and the free space of the disk.',
  ),
  STALE_READ: kind(1, '{path} changed while promptv was reading it.', 'Run the command again.'),
  SIGNERS_UNTRUSTED: kind(
    1,
    'The list of trusted ssh keys {path} cannot be trusted: {reason}.',
    'Keep it outside: git config --global gpg.ssh.allowedSignersFile ~/.config/git/allowed_signers',
  ),
  // A check said no: exit 3.
  FIXED_TOO_EARLY: kind(
    3,
    'The experiment {id} has {unitsPerVariant} of {plannedN} planned units a variant: a single look comes at the end.',
    'Leave out --fixed: the sequential results may be looked at any time: promptv abtest results {id}',
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
  BUMP_TOO_SMALL: kind(
    3,
    '{name} has a {impact} change, and the bump is only {bump}.',
    'Say the bump: "promptv save {name} --bump {impact}"; or set "bump.strict: false".',
  ),
  // Ours, and the user's Ctrl-C.
  INTERNAL: kind(
    70,
    'This is a bug in promptv: {reason}',
    'Run the same command with --debug and report what it prints.',
  ),
  INTERRUPTED: kind(
    130,
    'Interrupted.',
    'Run the same command again: it finishes the work or does nothing twice.',
  ),
} satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/**
 * An expected failure. `details` are serialisable and name what was involved. Where something was written before, they
 * say so: `written` stands behind the message, `resume` behind the hint.
 */
export class PromptvError extends Error {
  override readonly name = 'PromptvError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly exitCode: FailureCode;
  readonly details: Details;

  constructor(code: ErrorCode, details: Details = {}, options?: ErrorOptions) {
    const found: ErrorKind = errorKinds[code];
    super(withMore(found.message(details), details.written), options);
    this.code = code;
    this.hint = withMore(found.hint(details), details.resume);
    this.exitCode = found.exitCode;
    this.details = details;
  }
}

const withMore = (text: string, more: unknown): string =>
  typeof more === 'string' ? `${text}${/[.!?]$/.test(text) ? '' : '.'} ${more}` : text;

/** Builds the error to throw: `throw promptvError('TAG_EXISTS', { tag })`. */
export const promptvError = (code: ErrorCode, details: Details = {}, cause?: unknown): PromptvError =>
  new PromptvError(code, details, cause === undefined ? undefined : { cause });

export const isPromptvError = (error: unknown): error is PromptvError => error instanceof PromptvError;
