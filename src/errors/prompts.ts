import { type ErrorKind, kind } from './kind.ts';

/** What is wrong with a name, a prompt file, its template, or a file beside it. */
export const promptErrors = {
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
  PATH_EXCLUDED: kind(
    2,
    '{path} would be no prompt: the configuration leaves it out.',
    'Choose another name, or change "prompts.include" and "prompts.exclude"; "promptv config show" prints them.',
  ),
  PROMPT_NOT_FOUND: kind(
    2,
    'There is no prompt named {name}.{suggestion}',
    'List the prompts with "promptv list".',
  ),
  PROMPT_INVALID: kind(
    2,
    '{path} is not a valid prompt document: {count}.',
    'Correct {first}; "promptv status" checks every file again.',
  ),
  TEXT_NOT_FOUND: kind(
    2,
    'The prompt {name} has no file at {place}.{suggestion}',
    'Name another place, or put a version back with "promptv restore {name}".',
  ),
  FILE_NOT_FOUND: kind(
    2,
    'There is no file {path}.',
    'Check the path, which counts from the folder of the command (-C); "promptv list" names the files of prompts.',
  ),
  FILE_NOT_TEXT: kind(
    2,
    '{path} is not UTF-8 text.',
    'Give it in UTF-8; "iconv -f latin1 -t utf-8 OLD > NEW" turns Latin-1 into that.',
  ),
  FILE_IS_FOLDER: kind(2, '{path} is a folder, and a file is wanted.', 'Name a file in it: ls {path}'),
  FILE_EXISTS: kind(
    2,
    'There is a file {path} already, and it is not overwritten.',
    'Look whether anybody needs it; then choose another name, or take it away: mv {path} {path}.old',
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
    'Name the prompt, such as "support/triage", or a file below {directory}; "prompts.dir" in the configuration sets the directory.',
  ),
  PROMPTS_DIR_INVALID: kind(
    2,
    'The prompts directory {dir} cannot be one: {path} is a file.',
    'Set "prompts.dir" in the configuration to a folder, or take the file away: mv {path} {path}.old',
  ),
  FILE_NO_PROMPT: kind(
    2,
    '{path} is no prompt: one is a file .yaml, .yml or .json, neither hidden nor the tests of another.',
    'Name the prompt or its file; "promptv list" shows both.',
  ),
  FILE_NOT_EDITABLE: kind(
    2,
    '{path} cannot be edited at "{where}" without touching more of it.',
    'Make this change in {path} by hand, or write that part in a simpler way first.',
  ),
  FILE_ACCESS: kind(
    1,
    '{path} could not be {action}: {reason}.',
    'Check its permissions and the free space of the disk.',
  ),
  STALE_READ: kind(1, '{path} changed while promptv was reading it.', 'Run the command again.'),
  VARIABLES_INVALID: kind(
    2,
    'The variables of {name} do not fit: {problems}.',
    'Give them with --var NAME=VALUE or --vars FILE; "promptv show {ref}" lists them.',
  ),
  VARIABLES_FILE_INVALID: kind(
    2,
    'The variables file {path} cannot be read: {reason}.',
    'Write a YAML or JSON mapping of variable names to values.',
  ),
  TEMPLATE_INVALID: kind(
    2,
    'The template of {name} is not valid: {reason}.',
    'Correct the template at {where}.',
  ),
  DEPENDENCY_NOT_FOUND: kind(
    2,
    '{name} includes {dependency}, which {reason}.',
    'Save both: "promptv save {dependency} {name}"; or correct the name, or the range under "dependencies".',
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
} satisfies Record<string, ErrorKind>;
