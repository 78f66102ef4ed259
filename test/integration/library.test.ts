import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTempRepo, projectRoot, type TempRepo } from '../helpers/temp-repo.ts';
import { textPrompt } from '../helpers/work-in.ts';

const consumer = `
import { openWorkspace, save, diff, isPromptvError } from 'promptv';
const workspace = await openWorkspace({ cwd: process.argv[2] });
const { saved } = await save(workspace, { message: 'From the library' });
const { diffs } = await diff(workspace, { operands: ['a', '1.0.0', 'working'] });
const failure = await diff(workspace, { operands: ['b'] }).catch((error) => error);
await workspace.close();
process.exitCode =
  saved[0]?.version === '1.0.0' && diffs[0]?.impact === 'none' && isPromptvError(failure) && failure.code === 'PROMPT_NOT_FOUND' ? 0 : 9;
`;

const typedConsumer = `
import { type Change, type DiffResult, diff, openWorkspace, type SaveResult, save, type Workspace } from 'promptv';
const workspace: Workspace = await openWorkspace({ cwd: '.' });
const result: SaveResult = await save(workspace, { names: ['a'], bump: 'minor', dryRun: true });
export const versions: readonly string[] = result.saved.map(({ version }) => version);
const compared: DiffResult = await diff(workspace, {});
export const changes: readonly Change[] = compared.diffs.flatMap((one) => one.changes);
// @ts-expect-error an unknown bump
await save(workspace, { bump: 'huge' });
`;

let repo: TempRepo;
let project: string;
beforeAll(() => {
  // The tests' own build leaves the declarations out.
  execFileSync(
    process.execPath,
    [join(projectRoot, 'node_modules/typescript/bin/tsc'), '--project', '.ci/tsconfig.json'],
    {
      cwd: projectRoot,
    },
  );
  repo = createTempRepo({ files: { 'prompts/a.yaml': textPrompt('One') } });
  project = join(repo.root, 'consumer');
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  symlinkSync(projectRoot, join(project, 'node_modules/promptv'), 'dir');
  symlinkSync(join(projectRoot, 'node_modules/@types'), join(project, 'node_modules/@types'), 'dir');
  writeFileSync(join(project, 'package.json'), '{"type": "module"}');
  writeFileSync(join(project, 'use.js'), consumer);
  writeFileSync(join(project, 'use.ts'), typedConsumer);
}, 120_000);
afterAll(() => repo.remove());

describe('the package as a library', () => {
  it('does the same operations and prints nothing', async () => {
    const run = await repo.node(join(project, 'use.js'), [repo.dir]);
    expect(run).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    expect(repo.git('tag')).toBe('prompts/a@1.0.0');
    expect(repo.git('log', '-1', '--format=%s')).toBe('Start');
  });

  it.each([
    ['strict', []],
    ['strict and exact', ['--exactOptionalPropertyTypes']],
  ])(
    'has declarations that a %s compiler takes',
    async (_, more) => {
      expect(existsSync(join(projectRoot, 'dist/types/index.d.ts'))).toBe(true);
      const options = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        'false',
        '--module',
        'nodenext',
        '--target',
        'es2022',
        ...more,
      ];
      const checked = await promisify(execFile)(
        process.execPath,
        [join(projectRoot, 'node_modules/typescript/bin/tsc'), ...options, '--types', 'node', 'use.ts'],
        { cwd: project },
      ).catch((error) => error);
      expect(checked.stdout).toBe('');
    },
    60_000,
  );
});
