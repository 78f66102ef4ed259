import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  diff,
  get,
  isPromptvError,
  log,
  rollback,
  save,
  show,
  status,
  type Workspace,
} from '../../../src/index.ts';
import { openWorkspace } from '../../../src/operations/workspace.ts';
import { createTempRepo, type TempRepo } from '../../helpers/temp-repo.ts';
import { call, textPrompt } from '../../helpers/work-in.ts';

let repo: TempRepo;
let workspace: Workspace;

/** 1.0.0, 1.1.0, 1.1.1, 2.0.0-rc.1 of one prompt, another text on disk, and a prompt with a candidate alone. */
beforeAll(async () => {
  repo = createTempRepo({
    files: {
      'prompts/support/triage.yaml': textPrompt('One'),
      '.promptrc.yaml': 'environments:\n  - name: staging\n  - name: production\n  - name: beta\n',
    },
  });
  const write = (content: string, more = '') =>
    repo.write('prompts/support/triage.yaml', textPrompt(content, more));
  await call(repo, save, {});
  write('Two', 'model: gpt-4o\n');
  await call(repo, save, {});
  write('Three', 'model: gpt-4o\n');
  await call(repo, save, {});
  write('Four {{x}}', 'model: gpt-4o\n');
  await call(repo, save, { preid: 'rc' });
  write('Five', 'model: gpt-4o\n');
  repo.write('prompts/young.yaml', textPrompt('Young'));
  await call(repo, save, { names: ['young'], preid: 'beta' });
  repo.write('prompts/unsaved.yaml', textPrompt('Unsaved'));
  workspace = await openWorkspace({ cwd: repo.dir, env: repo.env });
});
afterAll(async () => {
  await workspace.close();
  repo.remove();
});

const contentOf = async (ref: string): Promise<string | undefined> =>
  (await show(workspace, { ref })).document.content;

const failureOf = async (ref: string): Promise<unknown> => {
  try {
    await show(workspace, { ref });
    return 'found';
  } catch (error) {
    if (!isPromptvError(error)) throw error;
    return [error.code, error.exitCode, error.message];
  }
};

describe('a reference names', () => {
  it.each([
    ['support/triage', 'Three'],
    ['support/triage@1.0.0', 'One'],
    ['support/triage@2.0.0-rc.1', 'Four {{x}}'],
    ['support/triage@latest', 'Three'],
    ['support/triage@next', 'Four {{x}}'],
    ['support/triage@working', 'Five'],
    ['support/triage@git:HEAD', 'Four {{x}}'],
    ['support/triage@git:HEAD~3', 'Two'],
    ['support/triage@git:main@{0}', 'Four {{x}}'],
    ['support/triage@^1.0.0', 'Three'],
    ['support/triage@~1.0', 'One'],
    ['support/triage@1.x', 'Three'],
    ['support/triage@1', 'Three'],
    ['support/triage@>=1.0.0 <1.1.1', 'Two'],
    ['support/triage@*', 'Three'],
    ['young@next', 'Young'],
    ['prompts/support/triage.yaml', 'Three'],
    ['prompts/support/triage.yaml@1.0.0', 'One'],
    ['./prompts/support/triage.yaml@working', 'Five'],
    ['unsaved@working', 'Unsaved'],
  ])('%s', async (ref, content) => {
    expect(await contentOf(ref)).toBe(content);
  });

  it('a version with its number, and a text that is none without', async () => {
    expect((await show(workspace, { ref: 'support/triage' })).version).toBe('1.1.1');
    expect(await show(workspace, { ref: 'support/triage@working' })).toMatchObject({
      version: null,
      saved: null,
    });
  });
});

describe('a reference to what is not there', () => {
  it.each([
    ['support/triag', 'PROMPT_NOT_FOUND', 'Did you mean support/triage?'],
    ['triage', 'PROMPT_NOT_FOUND', 'Did you mean support/triage?'],
    ['zzz', 'PROMPT_NOT_FOUND', 'There is no prompt named zzz.'],
    ['support/triage@1.1.2', 'VERSION_NOT_FOUND', 'Did you mean 1.1.1 or 2.0.0-rc.1?'],
    ['support/triage@^9.0.0', 'VERSION_NOT_FOUND', 'no version ^9.0.0'],
    ['support/triage@lates', 'VERSION_NOT_FOUND', 'Did you mean latest?'],
    ['support/triage@productoin', 'VERSION_NOT_FOUND', 'Did you mean production?'],
    ['young', 'VERSION_NOT_FOUND', 'no version latest. Did you mean 1.0.0-beta.1?'],
    ['unsaved', 'NO_VERSION', 'has no version in this clone'],
    ['support/triage@staging', 'ENVIRONMENT_EMPTY', 'never promoted to staging'],
    ['support/triage@beta', 'ENVIRONMENT_EMPTY', 'never promoted to beta'],
    ['support/triage@candidate', 'CANDIDATE_NOT_FOUND', 'no candidate'],
    ['support/triage@git:nowhere', 'REVISION_NOT_FOUND', 'nowhere'],
    ['unsaved@git:HEAD', 'TEXT_NOT_FOUND', 'git:HEAD'],
    ['support/triage@git:--upload-pack=x', 'REF_INVALID', 'cannot begin with "-"'],
    ['support/triage@--upload-pack=x', 'REF_INVALID', 'is not valid'],
    ['support/triage@', 'REF_INVALID', 'selector is empty'],
    ['@latest', 'REF_INVALID', 'name is missing'],
    ['./prompts/support', 'FILE_NO_PROMPT', 'no prompt'],
    ['../../etc/passwd', 'FILE_OUTSIDE', 'outside the prompts directory'],
    ['Support/Triage', 'NAME_INVALID', '"S" is not allowed'],
    ['__proto__', 'NAME_INVALID', '__proto__'],
  ])('%s is %s', async (ref, code, message) => {
    expect(await failureOf(ref)).toEqual([code, 2, expect.stringContaining(message)]);
  });

  it('names every prompt once in the suggestion', async () => {
    expect(await failureOf('support/triag')).toEqual([
      'PROMPT_NOT_FOUND',
      2,
      'There is no prompt named support/triag. Did you mean support/triage?',
    ]);
  });
});

describe('a version where a command takes a prompt', () => {
  const environment = 'staging';

  it.each([
    [
      'log',
      () => log(workspace, { name: 'support/triage@1.0.0' }),
      'Name the prompt alone: "promptv log support/triage"; that one version shows "promptv show support/triage@1.0.0".',
    ],
    [
      'log of what a shell would read',
      () => log(workspace, { name: 'young@>1; x' }),
      `Name the prompt alone: "promptv log young"; that one version shows "promptv show young@'>1; x'".`,
    ],
    ['log of no selector', () => log(workspace, { name: 'young@' }), 'Name the prompt alone: young.'],
    [
      'rollback',
      () => rollback(workspace, { names: ['young@1.0.0'], environment }),
      'Name the prompt alone: "promptv rollback young --env staging --to 1.0.0".',
    ],
    [
      'rollback to what is no version',
      () => rollback(workspace, { names: ['young@latest'], environment }),
      'Name the prompt alone: "promptv rollback young --env staging".',
    ],
    [
      'get',
      () => get(workspace, { prompt: 'young@1.0.0', environment }),
      'Name the prompt alone: "promptv get young --env staging" gives what runs there; any other text gives "promptv render young@1.0.0".',
    ],
    [
      'get of a candidate',
      () => get(workspace, { prompt: 'young@candidate', environment }),
      'Name the prompt alone: "promptv get young --env staging --preview" gives the candidate of a rollout.',
    ],
    ['status', () => status(workspace, { names: ['young@1.0.0'] }), 'Name the prompt alone: young.'],
  ])('is refused by %s with what to type instead', async (_, work, hint) => {
    await expect(work()).rejects.toMatchObject({ code: 'VERSION_UNEXPECTED', hint });
  });
});

describe('the range of log', () => {
  it.each([
    ['1.0.0..1.1.1', ['1.1.1', '1.1.0']],
    ['..1.1.0', ['1.1.0', '1.0.0']],
    ['1.1.0..', ['2.0.0-rc.1', '1.1.1']],
    ['1.1.0..latest', ['1.1.1']],
    ['latest..next', ['2.0.0-rc.1']],
    ['1.1.0..1.0.0', []],
  ])('%s holds %j', async (range, expected) => {
    const { versions } = await log(workspace, { name: 'support/triage', range });
    expect(versions.map(({ version }) => version)).toEqual(expected);
  });
});

describe('the operands of diff', () => {
  it.each([
    [['support/triage'], '1.1.1', 'working'],
    [['support/triage', '1.0.0'], '1.0.0', 'working'],
    [['support/triage', '1.0.0', '1.1.0'], '1.0.0', '1.1.0'],
    [['support/triage', '1.0.0..1.1.0'], '1.0.0', '1.1.0'],
    [['support/triage', 'latest', 'next'], '1.1.1', '2.0.0-rc.1'],
    [['support/triage', 'git:HEAD', 'working'], 'git:HEAD', 'working'],
    [['support/triage@1.0.0'], '1.0.0', 'working'],
    [['young'], '1.0.0-beta.1', 'working'],
    [['support/triage@1.0.0', 'young@next'], '1.0.0', '1.0.0-beta.1'],
    [['support/triage@1.0.0', 'young'], '1.0.0', 'working'],
    [['prompts/support/triage.yaml', '^1.0.0'], '1.1.1', 'working'],
  ])('%j compare %s with %s', async (operands, from, to) => {
    const { diffs } = await diff(workspace, { operands });
    expect(diffs).toMatchObject([{ from, to }]);
  });

  it.each([
    [['support/triage@1.0.0', '1.1.0', '1.1.1'], 'USAGE'],
    [['support/triage', '1.0.0', '7.0.0'], 'VERSION_NOT_FOUND'],
    [['support/triage', '-x'], 'REF_INVALID'],
    [['unsaved'], 'NO_VERSION'],
    [['nowhere'], 'PROMPT_NOT_FOUND'],
  ])('%j are refused: %s', async (operands, code) => {
    await expect(diff(workspace, { operands })).rejects.toMatchObject({ code, exitCode: 2 });
  });

  it('are every changed prompt when there are none, and new ones are named', async () => {
    const { diffs, unversioned } = await diff(workspace, {});
    expect(diffs.map(({ prompt }) => prompt)).toEqual(['support/triage', 'young']);
    expect(unversioned).toEqual(['unsaved']);
  });
});
