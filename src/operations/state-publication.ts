import { quoteShellWord } from '../core/shell-word.ts';
import { type PromptvError, promptvError } from '../errors.ts';
import { moveRef } from '../git/branch-commits.ts';
import { undoCommit } from '../git/commits.ts';
import { currentBranch, hasMessageBetween, isAncestor } from '../git/history.ts';
import { listChangedFiles } from '../git/last-commit.ts';
import { mergeCommits } from '../git/merge-branches.ts';
import { fetchBranch, pushRefs } from '../git/remote.ts';
import { withOwnIndex } from './own-index.ts';
import { settleWrites } from './state-leftovers.ts';
import type { StateStore } from './state-store.ts';
import { gitPath, type Workspace } from './workspace.ts';

/** By this line the commit of a decision is known; a repeated push looks for those that a killed run left behind. */
export const decisionLine = 'Prompt-Decision: ';

interface Place {
  readonly remote: string;
  readonly branch: string;
  /** Whether the branch is written without a checkout: then it can be moved and decided on again. */
  readonly isElsewhere: boolean;
}

/** What a remote says when another clone was faster; anything else is its rule. */
const raceWords =
  /non-fast-forward|fetch first|stale info|cannot lock ref|failed to (?:update|lock)|atomic transaction failed|already exists|incorrect old value/;

const isRace = ({ details }: PromptvError): boolean => raceWords.test(String(details.reason));

/** The remote's side of the branch that holds the state, for one run that pushes. */
export class Publication {
  private readonly workspace: Workspace;
  private readonly state: StateStore;
  private readonly place: Place;
  private fetched: Promise<string | null> | null = null;

  constructor(workspace: Workspace, state: StateStore, place: Place) {
    this.workspace = workspace;
    this.state = state;
    this.place = place;
  }

  /** The text of a file (relative to the workspace) as the remote has it; null when it has none. */
  async read(path: string): Promise<string | null> {
    const theirs = await this.tip();
    const { repository } = this.workspace;
    const blob = theirs && (await repository.readObject(`${theirs}:${gitPath(this.workspace, path)}`));
    return blob ? blob.content.toString('utf8') : null;
  }

  /**
   * Brings a branch that is not checked out to what the remote has; decisions of this clone that never reached it are
   * kept in a merge.
   * @throws STATE_DIVERGED when both decided about the same file
   */
  async takeOver(): Promise<void> {
    this.fetched = null;
    const { branch, remote, isElsewhere } = this.place;
    if (!isElsewhere) return;
    const { repository } = this.workspace;
    const theirs = await this.tip();
    const ours = (await repository.readObject(`refs/heads/${branch}^{commit}`))?.oid ?? null;
    if (theirs === null || theirs === ours || (await isAncestor(repository, theirs, ours))) return;
    const isBehind = ours === null || (await isAncestor(repository, ours, theirs));
    const to = isBehind
      ? theirs
      : await withOwnIndex(this.workspace, (index) =>
          mergeCommits(repository, { branch, remote, ours, theirs, index }),
        );
    await moveRef(repository, { branch, from: ours, to });
    this.state.refresh();
  }

  /** Pushes what this run, or a killed one before it, decided; false when the remote has it all. */
  async push(commit: string | null): Promise<boolean> {
    const { repository } = this.workspace;
    const { branch, remote } = this.place;
    const tip = commit ?? (await this.state.commitId());
    if (tip === null || (commit === null && !(await this.isUnpublished(tip)))) return false;
    await pushRefs(repository, { remote, refspecs: [`${tip}:refs/heads/${branch}`] });
    return true;
  }

  /**
   * Drops a commit that the remote refused: from a branch that nobody has checked out, and a repeatable one everywhere.
   * Answers what stays of it here.
   */
  async takeBack(commit: string | null, isRepeatable: boolean): Promise<string | null> {
    const { branch, isElsewhere } = this.place;
    if (commit === null || !(isElsewhere || isRepeatable)) return commit;
    const { repository } = this.workspace;
    if (isElsewhere) {
      const parent = (await repository.readObject(`${commit}^`))?.oid ?? null;
      await moveRef(repository, { branch, from: commit, to: parent });
    } else {
      await undoCommit(repository, commit, await listChangedFiles(repository, commit));
      await settleWrites(this.workspace);
    }
    this.state.refresh();
    return null;
  }

  /** Whether another clone was faster, so that deciding anew may succeed. */
  async canTryAgain(error: PromptvError, kept: string | null): Promise<boolean> {
    if (!isRace(error) || kept !== null) return false;
    this.fetched = null;
    return this.place.isElsewhere || (await this.ahead()) !== null;
  }

  /**
   * The state as the remote has it, where the checked-out branch is only behind: nothing that is decided here can be
   * pushed then. Null when it is not behind, and where the branch is brought up to date by itself.
   */
  async ahead(): Promise<StateStore | null> {
    if (this.place.isElsewhere) return null;
    const [ours, theirs] = [await this.state.commitId(), await this.tip()];
    if (ours === null || theirs === null || ours === theirs) return null;
    return (await isAncestor(this.workspace.repository, ours, theirs)) ? this.state.at(theirs) : null;
  }

  /** The refusal with what is left of the decision here and how to go on. */
  explain(
    error: PromptvError,
    { commit, kept }: { readonly commit: string | null; readonly kept: string | null },
  ): PromptvError {
    const { branch, remote, isElsewhere } = this.place;
    const guarded = `If ${remote} guards ${branch}, write to another branch with --branch NAME for a pull request`;
    const theirs = 'git checkout --theirs .promptv && git add .promptv && git commit --no-edit';
    const pull = `Bring your branch up to date: git pull --no-rebase ${quoteShellWord(remote)} ${quoteShellWord(branch)} (where .promptv conflicts, take theirs whole: ${theirs})`;
    const first = isElsewhere ? 'Others are pushing at the same time' : pull;
    const nothing = commit === null && !isElsewhere ? '' : ' Nothing was decided.';
    const words = {
      kept: kept === null ? nothing : ` The decision stands in this clone as commit ${kept.slice(0, 12)}.`,
      first: isRace(error) || kept !== null ? first : guarded,
      command: 'run the same command again',
    };
    return promptvError('PUSH_REJECTED', { ...error.details, ...words, commit: kept }, error);
  }

  private tip(): Promise<string | null> {
    const { remote, branch } = this.place;
    this.fetched ??= fetchBranch(this.workspace.repository, remote, branch);
    return this.fetched;
  }

  private async isUnpublished(tip: string): Promise<boolean> {
    const theirs = await this.tip();
    if (theirs === tip) return false;
    return hasMessageBetween(this.workspace.repository, { from: theirs, to: tip, containing: decisionLine });
  }
}

/** @throws HEAD_DETACHED when the state is on the checked-out branch and there is none, BRANCH_CHECKED_OUT */
export const openPublication = async (
  workspace: Workspace,
  state: StateStore,
  remote: string,
): Promise<Publication> => {
  const isElsewhere = await state.isElsewhere();
  const branch = state.branch ?? (await currentBranch(workspace.repository));
  if (branch === null) throw promptvError('HEAD_DETACHED');
  return new Publication(workspace, state, { remote, branch, isElsewhere });
};
