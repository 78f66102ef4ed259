import { expect, it } from 'vitest';
import { openState } from '../../../src/operations/state-store.ts';
import { openWorkspace } from '../../../src/operations/workspace.ts';
import { commitState, writePointer } from '../../helpers/pointer-files.ts';
import { createTempRepo, type TempRepo } from '../../helpers/temp-repo.ts';

const folder = '.promptv/environments';

const search = async (repo: TempRepo) => {
  const calls: (string | undefined)[] = [];
  const onGit = (args: readonly string[]): void => void calls.push(args[0]);
  const workspace = await openWorkspace({ cwd: repo.dir, env: repo.env, onGit });
  try {
    const found = await openState(workspace).search(folder, '"1.2.0"');
    return { found, searches: calls.filter((command) => command === 'grep').length };
  } finally {
    await workspace.close();
  }
};

it('searches a large folder once, and again when it changes', async () => {
  const repo = createTempRepo();
  try {
    expect(await search(repo)).toEqual({ found: [], searches: 0 });
    for (let index = 0; index < 45; index++)
      writePointer(repo, 'production', `prompt-${index}`, [{ version: index === 7 ? '1.2.0' : '1.0.0' }]);
    commitState(repo);
    const found = [`${folder}/production/prompt-7.json`];
    expect(await search(repo)).toEqual({ found, searches: 1 });
    expect(await search(repo)).toEqual({ found, searches: 0 });
    writePointer(repo, 'production', 'prompt-8', [{ version: '1.2.0' }]);
    commitState(repo);
    expect((await search(repo)).found).toEqual([...found, `${folder}/production/prompt-8.json`]);
  } finally {
    repo.remove();
  }
});
