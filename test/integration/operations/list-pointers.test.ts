import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { list } from '../../../src/operations/list.ts';
import { inWorkspace } from '../../helpers/in-workspace.ts';
import { commitState, writePointer } from '../../helpers/pointer-files.ts';
import { createTempRepo, type TempRepo } from '../../helpers/temp-repo.ts';

const prompts = Array.from({ length: 45 }, (_, index) => `prompt-${index}`);
let repo: TempRepo;

const running = async (): Promise<Readonly<Record<string, string>>> => {
  const { prompts: listed } = await inWorkspace(repo, (workspace) => list(workspace, {}));
  return Object.fromEntries(
    listed.map(({ prompt, environments }) => [prompt, environments.production ?? '-']),
  );
};

beforeAll(() => {
  repo = createTempRepo({ files: { 'prompts/here.yaml': 'content: Here.\n' } });
  for (const prompt of prompts) writePointer(repo, 'production', prompt, [{ version: '1.0.0' }]);
  commitState(repo);
});
afterAll(() => repo.remove());

it('remembers what runs, and looks again when a pointer moves', async () => {
  const first = await running();
  expect(first).toMatchObject({ 'prompt-7': '1.0.0', here: '-' });
  const cache = join(repo.dir, '.promptv/cache/pointers-4.json');
  expect(existsSync(cache)).toBe(true);
  expect(await running()).toEqual(first);
  writePointer(repo, 'production', 'prompt-7', [{ version: '1.0.0' }, { version: '1.1.0' }]);
  commitState(repo);
  expect(await running()).toEqual({ ...first, 'prompt-7': '1.1.0' });
  expect(readFileSync(cache, 'utf8')).toContain('1.1.0');
});

it('names a damaged pointer every time, and shows the others', async () => {
  repo.write('.promptv/environments/production/prompt-3.json', '{\n<<<<<<< ours\n');
  commitState(repo);
  for (const _ of ['first', 'again']) {
    const { warnings } = await inWorkspace(repo, (workspace) => list(workspace, {}));
    expect(warnings).toEqual([{ code: 'STATE_INVALID', message: expect.stringContaining('prompt-3.json') }]);
  }
  const rest = await running();
  expect(rest).toMatchObject({ 'prompt-7': '1.1.0' });
  expect(rest).not.toHaveProperty('prompt-3');
});
