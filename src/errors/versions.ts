import { type ErrorKind, kind } from './kind.ts';

/** What stands in the way of making, naming or reading a version. */
export const versionErrors = {
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
    'Name the prompt alone: {instead}.',
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
  REVISION_NOT_FOUND: kind(
    2,
    'git knows no commit {revision}.',
    'Name a commit, branch or tag that "git rev-parse" knows.',
  ),
  VERSION_INVALID: kind(
    2,
    'The version {version} cannot be used: {reason}.',
    'Give a semantic version such as 1.2.0 or 2.0.0-rc.1 that is not taken; "promptv log NAME" lists them.',
  ),
  RANGE_INVALID: kind(
    2,
    'The range {range} is not valid: {reason}.',
    'Write FROM..TO with two versions of one prompt, for example 1.0.0..1.2.0 or 1.0.0..latest.',
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
  BUMP_TOO_SMALL: kind(
    3,
    '{name} has a {impact} change, and the bump is only {bump}.',
    'Say {enough}; or set "bump.strict: false".',
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
  VERSION_ARCHIVED: kind(
    2,
    '{name}@{version} is archived.',
    'Choose another version, or lift the mark: "promptv annotate {name}@{version} REASON --mark none".',
  ),
} satisfies Record<string, ErrorKind>;
