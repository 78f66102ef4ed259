import { branchPattern } from '../core/config/values.ts';
import { promptvError } from '../errors.ts';
import { commitToBranch, resolveBranch, workTreeOf } from '../git/branch-commits.ts';
import { findFilesContaining, listTreeFiles, type TreeFile } from '../git/trees.ts';
import { withOwnIndex } from './own-index.ts';
import { commitStateFiles } from './state-files.ts';
import { assertSigned } from './state-signature.ts';
import { gitPath, type Workspace } from './workspace.ts';

/** A file of the state: path relative to the workspace; a null text removes it. */
export interface StateFile {
  readonly path: string;
  readonly text: string | null;
}

export interface StateChange {
  readonly files: readonly StateFile[];
  readonly message: string;
  /** Who must have signed the commit (`Name <mail>`); null leaves signing to git's configuration. */
  readonly sign?: string | null;
}

/**
 * The decisions of a workspace as they are committed: environments, approvals, annotations, experiments below
 * `.promptv/`. They live on the checked-out branch, or on another one that is never checked out.
 */
export class StateStore {
  /** The state's own branch; null when it lives on the checked-out one. */
  readonly branch: string | null;
  private readonly workspace: Workspace;
  private tip: Promise<string | null> | null = null;
  private elsewhere: Promise<boolean> | null = null;

  constructor(workspace: Workspace, branch: string | null) {
    this.workspace = workspace;
    this.branch = branch;
  }

  /** The commit that is read, the same for all reads until `refresh` or `commit`; null before the first. */
  commitId(): Promise<string | null> {
    this.tip ??= this.findTip();
    return this.tip;
  }

  /** The decisions as they stood at a commit; for reading alone. */
  at(commit: string): StateStore {
    const store = new StateStore(this.workspace, this.branch);
    store.tip = Promise.resolve(commit);
    return store;
  }

  /** Reads the branch's tip anew. */
  refresh(): void {
    this.tip = null;
  }

  /** The committed text of a file, or null. */
  async read(path: string): Promise<string | null> {
    const commit = await this.commitId();
    const blob =
      commit && (await this.workspace.repository.readObject(`${commit}:${gitPath(this.workspace, path)}`));
    return blob && blob.type === 'blob' ? blob.content.toString('utf8') : null;
  }

  /**
   * The committed texts of all files below a folder (of `enters`, those folders it says yes to; paths as everywhere
   * relative to the workspace), by path, in order of path. It costs no process of its own.
   */
  async readAll(folder: string, enters?: (folder: string) => boolean): Promise<ReadonlyMap<string, string>> {
    const files = await this.readFiles(folder, enters);
    return new Map(files.map(({ path, text }) => [path, text]));
  }

  /** The same as a list, with the git object of each text. */
  async readFiles(
    folder: string,
    enters?: (folder: string) => boolean,
  ): Promise<readonly (TreeFile & { readonly text: string })[]> {
    const { repository } = this.workspace;
    const files = await this.list(folder, enters);
    const texts = await Promise.all(files.map(({ oid }) => repository.readObject(oid)));
    return files.map(({ path, oid }, index) => ({
      path,
      oid,
      text: texts[index]?.content.toString('utf8') ?? '',
    }));
  }

  /** Whether the content of a git object was checked before, in this run or an earlier one. */
  isVerified(oid: string): boolean {
    return this.workspace.verifiedObjects.has(oid);
  }

  setVerified(oid: string): void {
    this.workspace.verifiedObjects.add(oid);
  }

  /** The git object of a folder; null when nothing is committed there. */
  async treeId(folder: string): Promise<string | null> {
    const commit = await this.commitId();
    const path = gitPath(this.workspace, folder);
    const tree = commit && (await this.workspace.repository.readObject(`${commit}:${path}`));
    return tree && tree.type === 'tree' ? tree.oid : null;
  }

  /** The committed files below a folder, in order of path, with their objects. */
  async list(folder: string, enters?: (folder: string) => boolean): Promise<readonly TreeFile[]> {
    const commit = await this.commitId();
    if (commit === null) return [];
    const { prefix, repository } = this.workspace;
    const files = await listTreeFiles(
      repository,
      { commit, folder: gitPath(this.workspace, folder) },
      enters && ((path) => enters(path.slice(prefix.length))),
    );
    return files.map(({ path, oid }) => ({ path: path.slice(prefix.length), oid }));
  }

  /**
   * The paths of the committed files below a folder that contain a text: one git process, or none where the same was
   * asked of the same large folder before.
   */
  async search(folder: string, text: string): Promise<readonly string[]> {
    const tree = await this.treeId(folder);
    if (tree === null) return [];
    const { searchCache } = this.workspace;
    const question = `${tree} ${text}`;
    const known = searchCache.get(question);
    if (known) return known as readonly string[];
    const [found, files] = await Promise.all([this.searchCommit(folder, text), this.list(folder)]);
    searchCache.put(question, found, files.length);
    return found;
  }

  private async searchCommit(folder: string, text: string): Promise<readonly string[]> {
    const commit = await this.commitId();
    if (commit === null) return [];
    const { prefix, repository } = this.workspace;
    const place = { commit, folder: gitPath(this.workspace, folder), text };
    return (await findFilesContaining(repository, place)).map((path) => path.slice(prefix.length));
  }

  /**
   * Makes one commit of exactly these files and returns its id.
   * @throws FILES_MODIFIED, HOOK_REFUSED, IDENTITY_MISSING, SIGNING_FAILED, STATE_MOVED when the branch moved meanwhile
   */
  async commit(change: StateChange): Promise<string> {
    const commit = (await this.isElsewhere())
      ? await this.commitElsewhere(change)
      : await commitStateFiles(this.workspace, this, change);
    this.tip = Promise.resolve(commit);
    return commit;
  }

  private async commitElsewhere({ files, message, sign }: StateChange): Promise<string> {
    const parent = await this.commitId();
    return withOwnIndex(this.workspace, (index) =>
      commitToBranch(this.workspace.repository, {
        branch: this.branch ?? '',
        parent,
        files: files.map(({ path, text }) => ({ path: gitPath(this.workspace, path), text })),
        message,
        index,
        sign: Boolean(sign),
        signoff: this.workspace.config.commit.signoff,
        check: (commit) => assertSigned(this.workspace, commit, sign ?? null),
      }),
    );
  }

  /**
   * Whether the state is written without a checkout.
   * @throws BRANCH_CHECKED_OUT when another work tree has its branch: the files there would no longer be the branch's
   */
  isElsewhere(): Promise<boolean> {
    this.elsewhere ??= this.findElsewhere();
    return this.elsewhere;
  }

  private async findElsewhere(): Promise<boolean> {
    const { branch } = this;
    const { repository } = this.workspace;
    const place = branch === null ? repository.topLevel : await workTreeOf(repository, branch);
    if (place !== null && place !== repository.topLevel)
      throw promptvError('BRANCH_CHECKED_OUT', { branch, path: place });
    return place === null;
  }

  private async findTip(): Promise<string | null> {
    const { repository, config } = this.workspace;
    if (this.branch === null) return (await repository.readObject('HEAD'))?.oid ?? null;
    const own = await resolveBranch(repository, this.branch, config.push.remote);
    // A new branch for a pull request begins where the decisions are.
    return own ?? (this.branch === config.state.branch ? null : openState(this.workspace).commitId());
  }
}

/**
 * Opens the state of a workspace: of `--branch NAME` once, else of `state.branch`, else of the checked-out branch.
 * @throws BRANCH_INVALID
 */
export const openState = (
  workspace: Workspace,
  { branch }: { readonly branch?: string | undefined } = {},
): StateStore => {
  if (branch !== undefined && !branchPattern.test(branch)) throw promptvError('BRANCH_INVALID', { branch });
  return new StateStore(workspace, branch ?? workspace.config.state.branch);
};

/**
 * The same for reading alone: a branch that is named must be there, here or as the remote was last seen.
 * @throws BRANCH_INVALID, BRANCH_NOT_FOUND
 */
export const openStateToRead = async (
  workspace: Workspace,
  { branch }: { readonly branch?: string | undefined },
): Promise<StateStore> => {
  const state = openState(workspace, { branch });
  const { remote } = workspace.config.push;
  if (branch !== undefined && (await resolveBranch(workspace.repository, branch, remote)) === null)
    throw promptvError('BRANCH_NOT_FOUND', { branch });
  return state;
};
