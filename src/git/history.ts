import type { Repository } from './repository.ts';

/** More paths than this do not fit a command line on every system: then the whole history is searched. */
const mostPaths = 200;

/** The messages of HEAD's history that contain a text, newest first. */
export const readMessages = async (repository: Repository, containing: string): Promise<string[]> => {
  const output = await repository.run(
    ['log', '-z', '--no-show-signature', '--format=%B', '--fixed-strings', `--grep=${containing}`, 'HEAD'],
    { accept: [128] },
  );
  return output.stdout.toString('utf8').split('\0').filter(Boolean);
};

/** Whether a commit of `to` that `from` lacks (null: any) says a text. */
export const hasMessageBetween = async (
  repository: Repository,
  range: { readonly from: string | null; readonly to: string; readonly containing: string },
): Promise<boolean> => {
  const commits = range.from === null ? range.to : `${range.from}..${range.to}`;
  const args = ['log', '-1', '--format=%H', '--fixed-strings', `--grep=${range.containing}`, commits];
  return (await repository.run(args)).stdout.length > 0;
};

export interface AuthorsRequest {
  /** Paths relative to the top folder. */
  readonly paths: readonly string[];
  /** The commit after which changes count; all of the history when null. */
  readonly since: string | null;
  readonly until: string;
}

/**
 * Who changed each path (`Name <email>` as the mailmap has it, co-authors included), oldest first, each once.
 * A commit that is not there (a shallow clone) gives no one.
 */
export const readAuthors = async (
  repository: Repository,
  request: AuthorsRequest,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const range = request.since ? [`${request.since}..${request.until}`] : [request.until];
  // Not %(trailers): that reads the last paragraph only, and `save` adds a line of its own below the user's message.
  const format = '--format=%x01%aN <%aE>%n%B';
  const scope = request.paths.length > mostPaths ? [] : ['--', ...request.paths];
  const output = await repository.run(
    [
      'log',
      '--reverse',
      '-z',
      '--no-show-signature',
      '--name-only',
      '--no-renames',
      format,
      ...range,
      ...scope,
    ],
    {
      accept: [128],
    },
  );
  const authors = new Map<string, Set<string>>(request.paths.map((path) => [path, new Set()]));
  let current: string[] = [];
  for (const entry of output.stdout.toString('utf8').split('\0')) {
    const text = entry.replace(/^\n/, '');
    if (text.startsWith('\u0001')) current = readPeople(text.slice(1));
    else for (const person of current) authors.get(text)?.add(person);
  }
  return new Map([...authors].map(([path, people]) => [path, [...people]]));
};

/** The author, who stands in the first line, and everybody whom a line of the message names as co-author. */
const readPeople = (text: string): string[] => {
  const [author = '', ...lines] = text.split('\n');
  const coAuthors = lines.map((line) => /^\s*co-authored-by:(.*)$/i.exec(line)?.[1] ?? '');
  return [author, ...coAuthors]
    .map((person) => person.trim())
    .filter((person) => /^.+<[^<>]*>$/.test(person));
};

/** Whether `ancestor` is in the history of `descendant`; an object that is not here is in no history. */
export const isAncestor = async (
  repository: Repository,
  ancestor: string,
  descendant: string | null,
): Promise<boolean> => {
  if (descendant === null) return false;
  const output = await repository.run(['merge-base', '--is-ancestor', ancestor, descendant], {
    accept: [1, 128],
  });
  return output.exitCode === 0;
};

/** The files below a folder in a commit, as paths from the top folder. */
export const listTree = async (repository: Repository, commit: string, folder: string): Promise<string[]> => {
  const output = await repository.run([
    'ls-tree',
    '-r',
    '-z',
    '--name-only',
    '--full-tree',
    commit,
    '--',
    folder,
  ]);
  return output.stdout.toString('utf8').split('\0').filter(Boolean);
};

/** Where the history of HEAD begins; in a shallow clone the commits whose parents were not fetched. */
export const listFirstCommits = async (repository: Repository): Promise<readonly string[]> => {
  const output = await repository.run(['rev-list', '--max-parents=0', 'HEAD']);
  return output.stdout.toString('utf8').split('\n').filter(Boolean);
};

/** The branch that HEAD is on, also before its first commit; null when HEAD is detached. */
export const currentBranch = async (repository: Repository): Promise<string | null> => {
  const output = await repository.run(['symbolic-ref', '--quiet', '--short', 'HEAD'], { accept: [1] });
  return output.stdout.toString('utf8').trim() || null;
};

/** The branch that a remote says is its default, as the clone remembers it; null where it does not. */
export const defaultBranchOf = async (repository: Repository, remote: string): Promise<string | null> => {
  const prefix = `refs/remotes/${remote}/`;
  const output = await repository.run(['symbolic-ref', '--quiet', `${prefix}HEAD`], { accept: [1, 128] });
  const ref = output.stdout.toString('utf8').trim();
  return ref.startsWith(prefix) ? ref.slice(prefix.length) : null;
};

/** A blob as a checkout would write it at a path (from the top folder): with the line endings and filters there. */
export const readFiltered = async (
  repository: Repository,
  { blob, path }: { readonly blob: string; readonly path: string },
): Promise<Buffer> => {
  const output = await repository.run(['cat-file', '--filters', `--path=${path}`, blob]);
  return output.stdout;
};

/** The newest commit that both histories have; null where they have none. */
export const findMergeBase = async (
  repository: Repository,
  ours: string,
  theirs: string,
): Promise<string | null> => {
  const output = await repository.run(['merge-base', ours, theirs], { accept: [1] });
  return output.stdout.toString('utf8').split('\n')[0] || null;
};
