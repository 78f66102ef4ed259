import type { Repository } from './repository.ts';

/** The folder, absolute, that git takes hooks from: `core.hooksPath` where it is set. */
export const findHooksFolder = async (repository: Repository): Promise<string> => {
  const { stdout } = await repository.run(['rev-parse', '--path-format=absolute', '--git-path', 'hooks']);
  return stdout.toString('utf8').replace(/\n$/, '');
};
