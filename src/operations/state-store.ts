import { join } from 'node:path';
import { promptvError } from '../errors.ts';
import { commitToBranch, resolveBranch, workTreeOf } from '../git/branch-commits.ts';
import { listTreeFiles, type TreeFile } from '../git/trees.ts';
import { removeFile } from '../store/write-file.ts';
import { commitStateFiles } from './state-files.ts';
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
    const { repository } = this.workspace;
    const files = await this.list(folder, enters);
    const texts = await Promise.all(files.map(({ oid }) => repository.readObject(oid)));
    return new Map(files.map(({ path }, index) => [path, texts[index]?.content.toString('utf8') ?? '']));
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
   * Makes one commit of exactly these files and returns its id.
   * @throws FILES_MODIFIED, HOOK_REFUSED, IDENTITY_MISSING, SIGNING_FAILED, STATE_MOVED when the branch moved meanwhile
   */
  async commit(change: StateChange): Promise<string> {
    const isHere = this.branch === null || (await this.isCheckedOut(this.branch));
    const commit = isHere
      ? await commitStateFiles(this.workspace, this, change)
      : await this.commitElsewhere(change);
    this.tip = Promise.resolve(commit);
    return commit;
  }

  private async commitElsewhere({ files, message, sign }: StateChange): Promise<string> {
    const { repository } = this.workspace;
    const index = join(repository.gitDir, `promptv-index-${process.pid}`);
    try {
      return await commitToBranch(repository, {
        branch: this.branch ?? '',
        parent: await this.commitId(),
        files: files.map(({ path, text }) => ({ path: gitPath(this.workspace, path), text })),
        message,
        index,
        sign: Boolean(sign),
      });
    } finally {
      await removeFile(index);
    }
  }

  /** @throws BRANCH_CHECKED_OUT when another work tree has it: its files would no longer be those of its branch */
  private async isCheckedOut(branch: string): Promise<boolean> {
    const place = await workTreeOf(this.workspace.repository, branch);
    if (place !== null && place !== this.workspace.repository.topLevel)
      throw promptvError('BRANCH_CHECKED_OUT', { branch, path: place });
    return place !== null;
  }

  private async findTip(): Promise<string | null> {
    const { repository, config } = this.workspace;
    if (this.branch !== null) return resolveBranch(repository, this.branch, config.push.remote);
    return (await repository.readObject('HEAD'))?.oid ?? null;
  }
}

/** Opens the state of a workspace: of `--branch NAME` once, else of `state.branch`, else of the checked-out branch. */
export const openState = (
  workspace: Workspace,
  options: { readonly branch?: string | undefined } = {},
): StateStore => new StateStore(workspace, options.branch ?? workspace.config.state.branch);
