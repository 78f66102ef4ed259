import { type ErrorKind, kind } from './kind.ts';

/** What git, the clone, its hooks and the remote can refuse. */
export const repositoryErrors = {
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
  REMOVAL_STAGED: kind(
    1,
    'The removal of {path} from git is staged, and the file is still on disk.',
    'Take it back ("git restore --staged {path}"), and run the same command again.',
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
  HOOK_EDITED: kind(
    1,
    '{path} holds lines that promptv did not write.',
    'Keep them elsewhere, remove the file ("rm {path}"), and run the command again.',
  ),
  HOOK_REFUSED: kind(
    1,
    'A hook of this repository refused the commit: {reason}',
    'Correct what it reports; "save" and "rename" can skip hooks with --no-verify.',
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
  SIGNING_FAILED: kind(
    1,
    'The {object} could not be signed: {reason}',
    'Check "user.signingkey", "gpg.format" and the key itself, then run the command again.',
  ),
  SIGNERS_UNTRUSTED: kind(
    1,
    'The list of trusted ssh keys {path} cannot be trusted: {reason}.',
    'Keep it outside: git config --global gpg.ssh.allowedSignersFile ~/.config/git/allowed_signers',
  ),
  HEAD_DETACHED: kind(
    1,
    'HEAD is detached, so there is no branch to push the decision to.',
    'Check out a branch ("git switch BRANCH"), or write to one with --branch NAME.',
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
  BRANCH_CHECKED_OUT: kind(
    1,
    'The state branch {branch} is checked out in {path}.',
    'Check out another branch there: a state branch is written without a checkout.',
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
} satisfies Record<string, ErrorKind>;
