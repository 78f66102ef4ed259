import type { Repository } from './repository.ts';

/** How one path stands in HEAD, the index and on disk. Paths that are equal in all three are not listed by git. */
export interface FileState {
  readonly path: string;
  /** `partial`: the index differs from HEAD and from disk. `unmerged`: a conflict is open. */
  readonly state: 'clean' | 'modified' | 'partial' | 'unmerged' | 'untracked' | 'ignored';
  /** True when HEAD holds the path. */
  readonly inHead: boolean;
  /** True when `git add -N` has announced it without content. */
  readonly intentToAdd: boolean;
  /** True when HEAD or the index has it and the disk has not. */
  readonly isDeleted: boolean;
}

export interface WorkTreeState {
  /** Null before the first commit. */
  readonly head: string | null;
  /** Null when HEAD is detached. */
  readonly branch: string | null;
  /** The remote-tracking branch, such as `origin/main`. */
  readonly upstream: string | null;
  /** Commits that the upstream has and HEAD lacks. */
  readonly behind: number;
  /** Only the paths that are not clean. */
  readonly files: ReadonlyMap<string, FileState>;
}

/** Asks git once for HEAD, the branch and the given paths (relative to the top folder, at least one). */
export const readWorkTree = async (
  repository: Repository,
  paths: readonly string[],
): Promise<WorkTreeState> => {
  const args = ['status', '--porcelain=v2', '-z', '--branch', '--no-renames', '--untracked-files=all'];
  // More paths than a command line holds: ask about everything, and look at what concerns us.
  const scope = paths.length > 500 ? [] : ['--', ...paths];
  const output = await repository.run([...args, '--ignored=traditional', ...scope]);
  return parseStatus(output.stdout.toString('utf8'));
};

/** Whether a rule ignores a path that is not tracked; it need not be there. */
export const isIgnored = async (repository: Repository, path: string): Promise<boolean> => {
  // "pathspec magic not supported by this command: 'literal'"; with "./" no name begins like magic.
  const env = { GIT_LITERAL_PATHSPECS: '0' };
  const { exitCode } = await repository.run(['check-ignore', '--', `./${path}`], { accept: [1], env });
  return exitCode === 0;
};

const parseStatus = (text: string): WorkTreeState => {
  const headers = new Map<string, string>();
  const files = new Map<string, FileState>();
  for (const entry of text.split('\0')) {
    const header = /^# (\S+) (.*)$/.exec(entry);
    if (header) headers.set(header[1] ?? '', header[2] ?? '');
    const file = header ? null : parseFileState(entry);
    // What the index forgot and the disk still has is listed twice: first "1 D.", then "?" or "!".
    if (file) files.set(file.path, { ...file, inHead: file.inHead || files.get(file.path)?.inHead === true });
  }
  const oid = headers.get('branch.oid') ?? '(initial)';
  const branch = headers.get('branch.head') ?? '(detached)';
  return {
    head: oid === '(initial)' ? null : oid,
    branch: branch === '(detached)' ? null : branch,
    upstream: headers.get('branch.upstream') ?? null,
    behind: Number(/ -(\d+)$/.exec(headers.get('branch.ab') ?? '')?.[1] ?? 0),
    files,
  };
};

/** `1 XY sub mH mI mW hH hI path`, `u XY … path`, `? path`, `! path`. */
const parseFileState = (entry: string): FileState | null => {
  const kind = entry[0];
  if (kind === '?')
    return { path: entry.slice(2), state: 'untracked', inHead: false, intentToAdd: false, isDeleted: false };
  if (kind === '!')
    return { path: entry.slice(2), state: 'ignored', inHead: false, intentToAdd: false, isDeleted: false };
  if (kind === 'u')
    return {
      path: entry.split(' ').slice(10).join(' '),
      state: 'unmerged',
      inHead: true,
      intentToAdd: false,
      isDeleted: false,
    };
  if (kind !== '1') return null;
  const fields = entry.split(' ');
  const [index, disk] = [entry[2], entry[3]];
  return {
    path: fields.slice(8).join(' '),
    state: index !== '.' && disk !== '.' ? 'partial' : 'modified',
    inHead: fields[3] !== '000000',
    intentToAdd: index === '.' && disk === 'A',
    isDeleted: disk === 'D' || index === 'D',
  };
};
