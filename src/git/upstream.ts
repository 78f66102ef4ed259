import type { Repository } from './repository.ts';

/** The full name of the remote-tracking branch of the checked-out branch; null when there is none. */
export const upstreamOf = async (repository: Repository): Promise<string | null> => {
  // Not through cat-file, which ends when a branch has no upstream.
  const output = await repository.run(['rev-parse', '--symbolic-full-name', '@{upstream}'], {
    accept: [128],
  });
  const name = output.stdout.toString('utf8').trim();
  return output.exitCode === 0 && name.startsWith('refs/') ? name : null;
};

/** How many commits the history of one commit has that another's lacks. */
export const countMissing = async (
  repository: Repository,
  commits: { readonly from: string; readonly in: string },
): Promise<number> => {
  const output = await repository.run(['rev-list', '--count', `${commits.from}..${commits.in}`]);
  return Number(output.stdout.toString('utf8'));
};
