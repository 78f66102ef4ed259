import type { Repository } from './repository.ts';

interface TreeEntry {
  readonly name: string;
  readonly oid: string;
  readonly isFolder: boolean;
}

/** A file in a tree: its path from the top folder, and its object. */
export interface TreeFile {
  readonly path: string;
  readonly oid: string;
}

/**
 * The files below a folder (no `/` at its end; `.` is the top) of a commit, in order of path. It costs no process: the trees are read
 * like any other object. `enters` says which folders are looked into; by default all.
 */
export const listTreeFiles = async (
  repository: Repository,
  { commit, folder }: { readonly commit: string; readonly folder: string },
  enters: (folder: string) => boolean = () => true,
): Promise<TreeFile[]> => {
  const walk = async (revision: string, path: string): Promise<TreeFile[]> => {
    const tree = await repository.readObject(revision);
    if (tree?.type !== 'tree') return [];
    const idBytes = repository.objectFormat === 'sha256' ? 32 : 20;
    const files: TreeFile[] = [];
    const folders: Promise<TreeFile[]>[] = [];
    for (const { name, oid, isFolder } of parseTree(tree.content, idBytes)) {
      const below = path === '' ? name : `${path}/${name}`;
      if (!isFolder) files.push({ path: below, oid });
      else if (enters(below)) folders.push(walk(oid, below));
    }
    return [files, ...(await Promise.all(folders))].flat();
  };
  const start = folder === '.' ? '' : folder;
  const files = await walk(`${commit}:${start}`, start);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
};

/** The paths of the files below a folder of a commit that contain a text. One process, whatever their number. */
export const findFilesContaining = async (
  repository: Repository,
  { commit, folder, text }: { readonly commit: string; readonly folder: string; readonly text: string },
): Promise<string[]> => {
  const how = ['-l', '-z', '-F', '--no-color', '--full-name', '--no-recurse-submodules'];
  const args = ['grep', ...how, '-e', text, commit, '--', folder];
  const output = await repository.run(args, { accept: [1] });
  // `COMMIT:PATH` each.
  const found = output.stdout.toString('utf8').split('\0').filter(Boolean);
  return found.map((name) => name.slice(commit.length + 1));
};

/** `MODE NAME\0ID`, again and again; links and submodules are no files of ours. */
const parseTree = (content: Buffer, idBytes: number): TreeEntry[] => {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length; ) {
    const nameEnd = content.indexOf(0, at);
    const head = content.toString('utf8', at, nameEnd);
    const end = nameEnd + 1 + idBytes;
    const oid = content.toString('hex', nameEnd + 1, end);
    const isFolder = head.startsWith('40000 ');
    if (isFolder || head.startsWith('100'))
      entries.push({ name: head.slice(head.indexOf(' ') + 1), oid, isFolder });
    at = end;
  }
  return entries;
};
