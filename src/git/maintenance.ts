import { promptvError } from '../errors.ts';
import type { Repository } from './repository.ts';

/** git's version, such as `2.39.5`. */
export const gitVersion = async (repository: Repository): Promise<string> => {
  const output = await repository.run(['version']);
  return /\d+\.\d+(?:\.\d+)?/.exec(output.stdout.toString('utf8'))?.[0] ?? '0';
};

/** @throws IDENTITY_MISSING when git could not sign a commit with a name */
export const assertIdentity = async (repository: Repository): Promise<void> => {
  const output = await repository.run(['var', 'GIT_COMMITTER_IDENT'], { accept: [128] });
  if (output.exitCode !== 0) throw promptvError('IDENTITY_MISSING');
};

/** Moves loose refs into the packed file, where thousands are read at once. */
export const packRefs = async (repository: Repository): Promise<void> => {
  await repository.run(['pack-refs', '--all']);
};
