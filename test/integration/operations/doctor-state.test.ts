import { describe, expect, it } from 'vitest';
import { doctor } from '../../../src/operations/doctor.ts';
import { environmentPath } from '../../../src/operations/environments.ts';
import { promptText, saveIn } from '../../helpers/in-workspace.ts';
import { commitState, writePointer } from '../../helpers/pointer-files.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';
import { call, withRepo } from '../../helpers/work-in.ts';

const findingsOf = async (repo: TempRepo): Promise<string[]> =>
  (await call(repo, doctor, {})).findings.map(({ id, severity, message }) => `${severity} ${id} ${message}`);

describe('doctor', () => {
  it('finds nothing wrong with state that is in order', () =>
    withRepo({ files: { 'prompts/greet.yaml': promptText('Hello') } }, async (repo) => {
      await saveIn(repo);
      writePointer(repo, 'production', 'greet', [{ version: '1.0.0' }]);
      commitState(repo);
      expect(await findingsOf(repo)).toEqual([]);
    }));

  it('lists what is wrong with state, worst first', () =>
    withRepo({ files: { 'prompts/greet.yaml': promptText('Hello') } }, async (repo) => {
      repo.write('.promptrc.yaml', 'environments: [{name: staging}, {name: production, signed: true}]\n');
      repo.write('.gitignore', '.promptv/metrics/\n.promptv/cache/\n');
      await saveIn(repo);
      writePointer(repo, 'production', 'greet', [
        { version: '0.9.0' },
        { version: '1.0.0', contentHash: `sha256:${'0'.repeat(64)}` },
      ]);
      writePointer(repo, 'qa', 'greet', [{ version: '1.0.0' }]);
      writePointer(repo, 'staging', 'lost', [{ version: '3.0.0' }]);
      repo.write(environmentPath('staging', 'greet'), '{\n  "schemaVersion": 1\n}\n');
      repo.write('.promptv/approvals/production/review/greet@7.0.0/ada%40example.com.json', '{}\n');
      repo.write('.promptv/approvals/production/review/greet@1.0.0/ada%40example.com.json', '{}\n');
      repo.git('add', '--all');
      repo.git('commit', '--quiet', '--message', 'State');
      repo.write(environmentPath('qa', 'greet'), '{}\n');
      repo.write(environmentPath('qa', 'fresh'), '{}\n');
      const found = await findingsOf(repo);
      expect(found.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
        'error VERSION_CHANGED',
        'error STATE_INVALID',
        'error VERSION_UNKNOWN',
        'error STATE_INVALID',
        'error STATE_INVALID',
        'warning VERSION_UNKNOWN',
        'warning ENVIRONMENT_UNKNOWN',
        'warning APPROVAL_UNKNOWN',
        'warning STATE_UNCOMMITTED',
        'warning STATE_UNCOMMITTED',
        'info SIGNATURES_NEED_MERGES',
      ]);
      expect(found[1]).toMatch(/\.promptv\/environments\/staging\/greet\.json, line \d+: /);
      expect(found[2]).toContain('runs lost@3.0.0');
      expect(found.slice(3, 5).join()).toMatch(/greet@[17]\.0\.0\/ada%40example\.com\.json/);
      expect(found[5]).toContain('once ran greet@0.9.0');
      expect(found[7]).toContain('greet@7.0.0');
      expect(found.slice(8, 10).join()).toMatch(
        /qa\/fresh\.json.*qa\/greet\.json|qa\/greet\.json.*qa\/fresh\.json/,
      );
      expect(found[10]).toMatch(/squash or rebase/);
    }));

  it('notices when git ignores the state', () =>
    withRepo(
      { files: { 'prompts/greet.yaml': promptText('Hello'), '.gitignore': '.promptv/\n' } },
      async (repo) => {
        await saveIn(repo);
        writePointer(repo, 'production', 'greet', [{ version: '1.0.0' }]);
        expect((await findingsOf(repo)).join()).toContain('error STATE_IGNORED');
      },
    ));
});
