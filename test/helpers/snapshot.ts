import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TempRepo } from './temp-repo.ts';

/** All that a refused command must leave as it was: refs, HEAD, the index, the state and the bytes of every file. */
export const snapshot = (repo: TempRepo): Record<string, string> => ({
  refs: repo.git('for-each-ref'),
  head: repo
    .git('status', '--porcelain=v2', '--branch')
    .split('\n')
    .filter((line) => /^# branch\.(?:oid|head) /.test(line))
    .join('\n'),
  index: repo.git('ls-files', '--stage'),
  status: repo.git('status', '--porcelain=v2', '--untracked-files=all'),
  ...filesBelow(repo.dir, ''),
});

const filesBelow = (root: string, folder: string): Record<string, string> => {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    // The cache is derived and ignored by git; git's own folder is compared through git.
    if (path === '.git' || path === join('.promptv', 'cache')) continue;
    if (entry.isDirectory()) Object.assign(files, filesBelow(root, path));
    else if (entry.isFile())
      files[path] = `${statSync(join(root, path)).mode} ${readFileSync(join(root, path)).toString('base64')}`;
  }
  return files;
};
