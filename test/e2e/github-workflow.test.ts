import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type CommentServer, startCommentServer } from '../helpers/comment-server.ts';
import { evaluate, type JobRun, runJob, type Step } from '../helpers/github-runner.ts';
import { createTempRepo, projectRoot, type TempRepo } from '../helpers/temp-repo.ts';

interface Workflow {
  readonly on: { readonly schedule?: unknown };
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly if: string; readonly steps: readonly Step[] }>>;
}

const prompt = (text: string): string =>
  `description: Greets.\ncontent: ${JSON.stringify(text)}\ntests:\n  - {name: polite, assert: [{contains: please}]}\n`;

/** Variables that stand in for what a hosted machine has; linking this checkout must not build it anew. */
const machine = (clone: TempRepo): Record<string, string> => ({
  npm_config_prefix: join(clone.root, 'npm'),
  npm_config_ignore_scripts: 'true',
  npm_config_update_notifier: 'false',
  PATH: [join(clone.root, 'npm/bin'), clone.env.PATH].join(delimiter),
});

let repo: TempRepo;
let workflow: Workflow;

beforeAll(async () => {
  repo = createTempRepo({ files: { 'prompts/greet.yaml': prompt('Say hello, please.') }, remote: true });
  const run = await repo.promptv(['init', '--ci', 'github', '--rollout', '--json']);
  expect(run.json<{ created: string[] }>().created).toContain('.github/workflows/promptv.yml');
  workflow = parse(repo.read('.github/workflows/promptv.yml'));
  repo.git('add', '--all');
  repo.git('commit', '--quiet', '--message', 'Add the workflow');
  repo.git('push', '--quiet', 'origin', 'main');
});

afterAll(() => repo.remove());

interface Event {
  readonly github: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs the jobs that the event starts; their names are the keys. */
const runWorkflow = async (clone: TempRepo, event: Event): Promise<Record<string, JobRun>> => {
  const contexts = {
    inputs: event.inputs ?? {},
    github: { repository: 'o/r', triggering_actor: 'grace', token: 'job-token', ...event.github },
  };
  const runs: Record<string, JobRun> = {};
  for (const [name, job] of Object.entries(workflow.jobs)) {
    if (evaluate(job.if, contexts).coerceString() !== 'true') continue;
    runs[name] = await runJob(clone, {
      steps: job.steps,
      env: { ...workflow.env, PROMPTV_PACKAGE: projectRoot },
      contexts,
      variables: { ...machine(clone), GITHUB_REPOSITORY: 'o/r', ...event.variables },
    });
  }
  return runs;
};

const onMain = (event: string): Event => ({
  github: { event_name: event },
  variables: {
    GITHUB_REF: 'refs/heads/main',
    GITHUB_RUN_ID: '71',
    GITHUB_SERVER_URL: 'https://github.example',
  },
});

const logOf = (run: JobRun | undefined): string => run?.steps.map(({ log }) => log).join('\n') ?? '';
const remoteTags = (): string => repo.git('ls-remote', '--tags', '--refs', 'origin');
const remoteTip = (): string => repo.git('ls-remote', 'origin', 'refs/heads/main').split('\t')[0] ?? '';

describe('the workflow for GitHub, its shell steps run as the runner does', () => {
  it('versions the default branch by tags alone, with the run in them', async () => {
    const tip = remoteTip();
    const clone = repo.clone();
    const { version, ...others } = await runWorkflow(clone, onMain('push'));
    expect(Object.keys(others)).toEqual([]);
    expect([version?.failed, logOf(version)]).toEqual([false, expect.stringContaining('1.0.0')]);
    expect(remoteTags()).toMatch(/refs\/tags\/prompts\/greet@1\.0\.0$/);
    expect(remoteTip()).toBe(tip);
    const tag = clone.git('cat-file', 'tag', 'prompts/greet@1.0.0');
    expect(tag).toContain('\ntagger grace <grace@users.noreply.github.com>');
    expect(tag.split('\n')).toEqual(
      expect.arrayContaining([
        'CI-Provider: github',
        'CI-Run: 71',
        'CI-Url: https://github.example/o/r/actions/runs/71',
        'Add the workflow',
      ]),
    );
  });

  it('promotes by hand; what was typed is data', async () => {
    const clone = repo.clone();
    const pwned = join(clone.dir, 'pwned');
    const attack = `"; touch ${pwned}; $(touch ${pwned}) \`touch ${pwned}\``;
    const start = (inputs: Record<string, string>): Promise<Record<string, JobRun>> =>
      runWorkflow(clone, { ...onMain('workflow_dispatch'), inputs });
    for (const name of [attack, `--help ${attack}`]) {
      const { promote } = await start({ prompt: name, environment: 'development', reason: '' });
      expect([promote?.failed, logOf(promote)]).toEqual([true, expect.stringContaining('error: ')]);
    }
    const { promote } = await start({ prompt: 'greet', environment: 'development', reason: attack });
    expect([promote?.failed, logOf(promote)]).toEqual([false, expect.any(String)]);
    expect(existsSync(pwned)).toBe(false);
    repo.git('pull', '--quiet', 'origin', 'main');
    const state = JSON.parse(repo.read('.promptv/environments/development/greet.json'));
    expect(state.deployments.at(-1)).toMatchObject({
      version: '1.0.0',
      reason: attack,
      by: 'grace <grace@users.noreply.github.com>',
    });
  });

  it('carries rollouts on by schedule', async () => {
    expect(workflow.on.schedule).toBeDefined();
    const runs = await runWorkflow(repo.clone(), onMain('schedule'));
    expect(Object.keys(runs)).toEqual(['rollout']);
    expect([runs.rollout?.failed, logOf(runs.rollout)]).toEqual([false, expect.any(String)]);
  });
});

describe('the workflow for GitHub on a pull request', () => {
  let server: CommentServer;
  let refusing: CommentServer;

  beforeAll(async () => {
    server = await startCommentServer();
    refusing = await startCommentServer(403);
  });

  afterAll(() => Promise.all([server.close(), refusing.close()]));

  /** A clone of the trial merge of a branch with that text, as the runner checks it out. */
  const trialMerge = (text: string): TempRepo => {
    const clone = repo.clone();
    clone.git('checkout', '--quiet', '-b', 'topic');
    clone.write('prompts/greet.yaml', text);
    clone.git('commit', '--quiet', '--allow-empty', '--all', '--message', 'Topic');
    clone.git('checkout', '--quiet', '--detach', 'origin/main');
    clone.git('merge', '--quiet', '--no-ff', '--no-edit', 'topic');
    return clone;
  };

  const request = (clone: TempRepo, to = server, from = 'o/r'): Promise<Record<string, JobRun>> =>
    runWorkflow(clone, {
      github: {
        event_name: 'pull_request',
        event: { pull_request: { number: 5, head: { repo: { full_name: from } } } },
      },
      variables: {
        GITHUB_API_URL: to.url,
        GITHUB_REF: 'refs/pull/5/merge',
        GITHUB_HEAD_REF: 'topic',
        GITHUB_BASE_REF: 'main',
      },
    });

  it('lints, tests and keeps one comment up to date, which the summary has too', async () => {
    const { check, diff, ...others } = await request(trialMerge(prompt('Say hi, please.')));
    expect(Object.keys(others)).toEqual([]);
    expect([check?.failed, logOf(check)]).toEqual([false, expect.stringContaining('lint: no problems')]);
    expect(check?.summary).toContain('## promptv test: passed');
    expect([diff?.failed, logOf(diff)]).toEqual([false, expect.any(String)]);
    expect(diff?.summary).toContain('1.0.0 → 1.0.1');
    expect(server.comments).toHaveLength(101);
    expect(server.comments[100]?.body).toBe(`<!-- promptv diff -->\n${diff?.summary}`);
    await request(trialMerge(prompt('Say hi to {{who}}, please.')));
    expect(server.comments).toHaveLength(101);
    expect(server.comments[100]?.body).toContain('1.0.0 → 2.0.0');
    await request(trialMerge(prompt('Say hello, please.')));
    expect(server.comments[100]?.body).toContain('No prompt changed.');
  });

  it('annotates what is wrong, tests all the same, and compares what can be compared', async () => {
    const { check, diff } = await request(trialMerge(`${prompt('Say {{nobody}} here.')}variables: []\n`));
    expect(check?.failed).toBe(true);
    expect(check?.steps.map(({ name }) => name)).toEqual(['Install promptv', 'Lint', 'Test']);
    expect(logOf(check)).toContain('::error file=prompts/greet.yaml,line=2');
    expect(logOf(check)).toContain('promptv render');
    expect(diff?.failed).toBe(false);
  });

  it('writes no comment for a fork, nor without a prompt that changed, nor fails where the host refuses', async () => {
    const before = server.requests.length;
    const { diff } = await request(trialMerge(prompt('Say hi, please.')), server, 'stranger/r');
    expect([diff?.failed, diff?.summary]).toEqual([false, expect.stringContaining('1.0.1')]);
    expect(server.requests).toHaveLength(before);
    const quiet = await request(trialMerge(prompt('Say hello, please.')), refusing);
    expect(quiet.diff?.failed).toBe(false);
    expect(refusing.requests.every(({ method }) => method === 'GET')).toBe(true);
    const refused = await request(trialMerge(prompt('Say hi, please.')), refusing);
    expect(refused.diff?.failed).toBe(false);
    expect(logOf(refused.diff)).toContain('No comment was written: POST issues/5/comments: 403');
    expect(logOf(refused.diff)).not.toContain('job-token');
  });
});

describe('the action', () => {
  const action = parse(readFileSync(join(projectRoot, 'action.yml'), 'utf8'));

  const use = (clone: TempRepo, inputs: Record<string, string>): Promise<JobRun> => {
    const names = Object.entries<{ default?: string }>(action.inputs);
    const defaults = Object.fromEntries(names.map(([name, input]) => [name, input.default ?? '']));
    return runJob(clone, {
      steps: action.runs.steps,
      contexts: { inputs: { ...defaults, package: projectRoot, ...inputs } },
      variables: machine(clone),
    });
  };

  it('installs this very version by default', () => {
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    expect(action.inputs.package.default).toBe(`promptv@${version}`);
  });

  it('runs a command with arguments, one a line, and none', async () => {
    const clone = repo.clone();
    const run = await use(clone, { command: 'render', args: 'greet\n--format\r\ntext\n' });
    expect([run.failed, logOf(run)]).toEqual([false, expect.stringContaining('Say hello, please.')]);
    expect((await use(clone, { command: 'status' })).failed).toBe(false);
    expect((await use(clone, {})).steps).toHaveLength(1);
  });

  it('hands every input over as it is', async () => {
    const clone = repo.clone();
    const pwned = join(clone.dir, 'pwned');
    const attack = `$(touch ${pwned})"; touch ${pwned}; \`touch ${pwned}\` * ~`;
    for (const inputs of [
      { command: attack, args: '' },
      { command: 'render', args: `greet\n--var\n${attack}` },
    ]) {
      const run = await use(clone, inputs);
      expect([run.failed, existsSync(pwned)]).toEqual([true, false]);
      expect(logOf(run)).toContain(`$(touch ${pwned})`);
    }
  });
});
