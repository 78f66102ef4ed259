import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { promote } from '../../../src/operations/promote.ts';
import { type TestRequest, test } from '../../../src/operations/test.ts';
import { openWorkspace } from '../../../src/operations/workspace.ts';
import { codeOf, saveIn } from '../../helpers/in-workspace.ts';
import { completion, type LoopbackServer, sendJson, startServer } from '../../helpers/loopback-server.ts';
import { createTempRepo, type TempRepo } from '../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
const servers: LoopbackServer[] = [];
afterEach(async () => {
  for (const repo of repos.splice(0)) repo.remove();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const key = 'sk-very-secret-1234';

const make = (files: Record<string, string>): TempRepo => {
  const repo = createTempRepo({ files });
  repos.push(repo);
  return repo;
};
const testIn = async (repo: TempRepo, request: TestRequest = {}, env: Record<string, string> = {}) => {
  const workspace = await openWorkspace({ cwd: repo.dir, env: { ...repo.env, KEY: key, ...env } });
  try {
    return await test(workspace, request);
  } finally {
    await workspace.close();
  }
};
const serve = async (...args: Parameters<typeof startServer>) => {
  const server = await startServer(...args);
  servers.push(server);
  return server;
};
const logOf = (repo: TempRepo): Record<string, unknown>[] => {
  const directory = join(repo.dir, '.promptv/metrics');
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(join(directory, name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
};

const hello = (tests: string): string =>
  `content: Hello {{name}}\nvariables: [{name: name}]\ntests:\n${tests}`;
const node = JSON.stringify(process.execPath);
const echo = `test: {provider: echo, providers: {echo: {type: exec, command: [${node}, -e, "process.stdin.pipe(process.stdout)"]}}}\n`;

describe('without a provider', () => {
  it('judges the rendered text, from the document and the file beside it, and says where each problem is', async () => {
    const repo = make({
      'prompts/a/hello.yaml': hello('  - {name: good, variables: {name: Ada}, assert: [{contains: Ada}]}\n'),
      'prompts/a/hello.test.yaml':
        '- name: bad\n  variables: {name: Ada}\n  assert:\n    - equals: Hello Ada\n    - contains: Bob\n',
      'prompts/untested.yaml': 'content: Nothing\n',
    });
    const result = await testIn(repo);
    expect(result).toMatchObject({
      passed: false,
      totals: { cases: 2, passed: 1, failed: 1 },
      recorded: 2,
      warnings: [],
    });
    expect(result.suites).toMatchObject([
      {
        name: 'a/hello',
        file: 'prompts/a/hello.yaml',
        cases: [
          { name: 'good', outcome: 'passed', problems: [] },
          {
            name: 'bad',
            outcome: 'failed',
            problems: [
              {
                ruleId: 'contains',
                message: 'bad: the prompt does not contain "Bob"',
                file: 'prompts/a/hello.test.yaml',
                line: 5,
                column: 5,
              },
            ],
          },
        ],
      },
    ]);
  });

  it('takes what cannot be rendered for a failure', async () => {
    const repo = make({ 'prompts/hello.yaml': hello('  - {name: none, assert: [{contains: x}]}\n') });
    const { suites } = await testIn(repo);
    expect(suites[0]?.cases[0]).toMatchObject({ outcome: 'failed', problems: [{ ruleId: 'render' }] });
  });

  it('skips what asserts answers alone, and says so', async () => {
    const repo = make({
      'prompts/hello.yaml': hello(
        '  - {name: slow, variables: {name: A}, assert: [{max-latency: 1s}]}\n  - {name: out, variables: {name: A}, assert: [{contains: A, on: output}]}\n',
      ),
    });
    const result = await testIn(repo);
    expect(result).toMatchObject({ passed: true, totals: { skipped: 2 }, recorded: 0 });
    expect(result.warnings).toMatchObject([{ code: 'TESTS_SKIPPED' }]);
  });

  it('takes a case without assertions for one that must render', async () => {
    const repo = make({
      'prompts/hello.yaml': hello('  - {name: fits, variables: {name: A}}\n  - {name: lacks}\n'),
    });
    const { suites } = await testIn(repo);
    expect(suites[0]?.cases.map(({ outcome }) => outcome)).toEqual(['passed', 'failed']);
  });

  it('is not held up by a pathological pattern, of an assertion or of a variable', async () => {
    const name = `${'a'.repeat(60)}!`;
    const repo = make({
      'prompts/evil.yaml': `content: "{{name}}"\nvariables: [{name: name}]\ntests:\n  - {name: one, variables: {name: "${name}"}, assert: [{regex: "^(a+)+$"}]}\n`,
      'prompts/worse.yaml': `content: "{{name}}"\nvariables: [{name: name, pattern: "^(a+)+$"}]\ntests:\n  - {name: two, variables: {name: "${name}"}, assert: [{contains: a}]}\n`,
    });
    const { suites } = await testIn(repo, { timeoutMs: 200 });
    expect(suites.map(({ cases }) => cases[0]?.outcome)).toEqual(['failed', 'errored']);
    expect(suites[0]?.cases[0]?.problems[0]?.message).toContain('given up');
    expect(suites[1]?.cases[0]?.problems[0]).toMatchObject({ ruleId: 'timeout' });
  });

  it('compares with snapshots, which only --update writes', async () => {
    const repo = make({
      'prompts/hello.yaml': hello('  - {name: snap, variables: {name: A}, assert: [{snapshot: true}]}\n'),
    });
    expect((await testIn(repo)).passed).toBe(false);
    expect(await testIn(repo, { update: true, dryRun: true })).toMatchObject({ updated: [] });
    expect(await testIn(repo, { update: true })).toMatchObject({
      passed: true,
      updated: ['prompts/hello.test.snap'],
    });
    expect(await testIn(repo, { update: true })).toMatchObject({ updated: [] });
    expect((await testIn(repo)).passed).toBe(true);
    repo.write('prompts/hello.yaml', repo.read('prompts/hello.yaml').replace('Hello', 'Goodbye'));
    const [problem] = (await testIn(repo)).suites[0]?.cases[0]?.problems ?? [];
    expect(problem?.message).toContain('line 1 is "Goodbye A", was "Hello A"');
  });

  it('refuses cases that are wrong, all problems at once, before anything runs', async () => {
    const repo = make({
      'prompts/hello.yaml': hello('  - {name: x, asert: []}\n  - {name: x, assert: [{is: 1}]}\n'),
    });
    const error = await testIn(repo).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'TESTS_INVALID',
      exitCode: 2,
      details: { count: '2 problems', problems: [{ line: 4, column: 15 }, { line: 5 }] },
    });
  });

  it('names what has no tests', async () => {
    const repo = make({ 'prompts/plain.yaml': 'content: x\n' });
    expect(await codeOf(testIn(repo, { refs: ['plain'] }))).toBe('NO_TESTS');
    expect(await codeOf(testIn(repo))).toBe('NO_TESTS');
    expect(await codeOf(testIn(repo, { refs: ['plan'] }))).toBe('PROMPT_NOT_FOUND');
  });

  it('starts nothing more after a failure with --bail', async () => {
    const cases = Array.from(
      { length: 5 },
      (_, i) => `  - {name: c${i}, variables: {name: A}, assert: [{contains: Z}]}\n`,
    );
    const repo = make({ 'prompts/hello.yaml': hello(cases.join('')) });
    expect(await testIn(repo, { bail: true, parallel: 1 })).toMatchObject({
      totals: { failed: 1, skipped: 4 },
    });
  });
});

describe('with a provider', () => {
  it('judges the answer, and the prompt where a case says so', async () => {
    const repo = make({
      '.promptrc.yaml': `test: {provider: up, providers: {up: {type: exec, command: [${node}, -e, "process.stdin.on('data', (d) => console.log(String(d).toUpperCase()))"]}}}\n`,
      'prompts/hello.yaml': hello(
        '  - {name: both, variables: {name: Ada}, assert: [{equals: HELLO ADA}, {contains: Hello, on: prompt}, {similar: {to: HELLO BOB, by: jaccard, min: 0.3}}, {max-latency: 30s}]}\n',
      ),
    });
    const result = await testIn(repo);
    expect(result).toMatchObject({ passed: true, results: [{ provider: 'up', similarity: 1 / 3 }] });
    expect(logOf(repo)).toMatchObject([
      {
        prompt: 'hello',
        case: 'both',
        provider: 'up',
        status: 'success',
        metrics: { passed: 1, similarity: 1 / 3 },
      },
    ]);
    expect(logOf(repo)[0]).not.toHaveProperty('output');
    expect(logOf(repo)[0]).not.toHaveProperty('environment');
  });

  it('asks a program whether the answer will do', async () => {
    const repo = make({
      '.promptrc.yaml': `${echo.slice(0, -2)}, commands: {short: [${node}, -e, "process.stdin.on('data', (d) => { if (d.length > 7) { console.error('too long'); process.exitCode = 2 } })"]}}\n`,
      'prompts/hello.yaml': hello(
        '  - {name: ok, variables: {name: A}, assert: [{command: short}]}\n  - {name: long, variables: {name: Ada}, assert: [{command: short}, {command: other}]}\n',
      ),
    });
    const { suites } = await testIn(repo);
    const [ok, long] = suites[0]?.cases ?? [];
    expect(ok?.outcome).toBe('passed');
    expect(long?.problems.map(({ message }) => message)).toEqual([
      'long: the command "short" ended with 2: too long',
      'long: there is no command "other" under "test.commands"',
    ]);
  });

  const served = (url: string): string =>
    `network: {retries: 0}\ntest: {provider: api, providers: {api: {type: http, url: "${url}/v1", keyEnv: KEY}, tape: {type: replay, dir: tape}}}\nprices: {m: {inputUsdPerMillionTokens: 1000, outputUsdPerMillionTokens: 1000}}\n`;
  const asked = `model: m\n${hello('  - {name: one, variables: {name: A}, assert: [{contains: fine}, {max-cost-usd: 0.02}, {max-tokens: 3}]}\n  - {name: two, variables: {name: B}, assert: [{contains: fine}]}\n')}`;

  it('records answers, replays them without key and network, and never writes the key', async () => {
    const server = await serve(({ headers }, response) =>
      sendJson(response, completion(`fine, ${headers.authorization}`)),
    );
    const repo = make({
      '.promptrc.yaml': `${served(server.url)}metrics: {capture: true}\n`,
      'prompts/hello.yaml': asked,
    });
    const live = await testIn(repo, { record: 'tape' });
    expect(live).toMatchObject({
      passed: true,
      results: [{ costUsd: 0.015, inputTokens: 12, model: 'm' }, {}],
    });
    expect(server.requests).toHaveLength(2);
    await server.close();
    const replayed = await testIn(repo, { provider: 'tape' }, { KEY: '' });
    expect(replayed).toMatchObject({ passed: true, totals: { passed: 2 } });
    const written = [JSON.stringify([live, replayed, logOf(repo)])];
    for (const name of readdirSync(join(repo.dir, 'tape'))) written.push(repo.read(`tape/${name}`));
    expect(written).toHaveLength(3);
    expect(written.join()).not.toContain(key);
    expect(written.join()).toContain('Bearer ***');
    // What was measured once is no measurement of today.
    expect(logOf(repo).map((record) => 'latency_ms' in (record.metrics as object))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('fails the case that the server fails, judges the others, and opens the circuit', async () => {
    const server = await serve((_, response, number) =>
      sendJson(response, completion('fine'), number === 0 ? 200 : 500),
    );
    const cases = Array.from(
      { length: 9 },
      (_, i) => `  - {name: c${i}, variables: {name: n${i}}, assert: [{contains: fine}]}\n`,
    );
    const repo = make({ '.promptrc.yaml': served(server.url), 'prompts/hello.yaml': hello(cases.join('')) });
    const result = await testIn(repo, { parallel: 1 });
    expect(result).toMatchObject({ passed: false, totals: { passed: 1, errored: 8 } });
    expect(server.requests).toHaveLength(6);
    expect(result.results.at(-1)?.error).toBe('CIRCUIT_OPEN');
    expect(logOf(repo).filter(({ status }) => status === 'error')).toHaveLength(8);
  });

  it('ends with an error where no test came to its end', async () => {
    const server = await serve((_, response) => sendJson(response, {}, 401));
    const repo = make({ '.promptrc.yaml': served(server.url), 'prompts/hello.yaml': asked });
    const error = await testIn(repo).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'TESTS_NOT_RUN', exitCode: 1 });
    expect(logOf(repo)).toEqual([]);
  });

  it('gives up a server that hangs after the time limit of the test', async () => {
    const server = await serve(
      (_, response, number) => number === 0 && sendJson(response, completion('fine')),
    );
    const repo = make({ '.promptrc.yaml': served(server.url), 'prompts/hello.yaml': asked });
    const { suites } = await testIn(repo, { timeoutMs: 300, parallel: 1 });
    expect(suites[0]?.cases.map(({ outcome }) => outcome)).toEqual(['passed', 'errored']);
    expect(suites[0]?.cases[1]?.problems[0]).toMatchObject({ ruleId: 'timeout' });
  });

  it('needs a key where one is configured, and a provider that exists', async () => {
    const repo = make({ '.promptrc.yaml': served('http://127.0.0.1:9'), 'prompts/hello.yaml': asked });
    expect(await codeOf(testIn(repo, {}, { KEY: '' }))).toBe('KEY_MISSING');
    expect(await codeOf(testIn(repo, { provider: 'ape' }))).toBe('PROVIDER_NOT_FOUND');
    const broken = await testIn(repo, {}, { KEY: `${key}\nx` }).catch((thrown: unknown) => thrown);
    expect(String(broken)).not.toContain(key);
  });

  it('runs every environment and model asked for', async () => {
    const models: unknown[] = [];
    const server = await serve(({ body }, response) => {
      models.push(JSON.parse(body).model);
      sendJson(response, completion('fine'));
    });
    const repo = make({
      '.promptrc.yaml': `${served(server.url)}environments:\n  - {name: dev, test: {model: d}}\n  - {name: prod, test: {model: p}}\n`,
      'prompts/hello.yaml': asked,
    });
    const byEnvironment = await testIn(repo, { environments: ['dev', 'prod'] });
    expect(byEnvironment.targets).toMatchObject([
      { environment: 'dev', model: 'd', failed: 1, passed: 1 },
      { environment: 'prod', model: 'p' },
    ]);
    expect(byEnvironment.suites.map(({ name }) => name)).toEqual(['hello (dev)', 'hello (prod)']);
    const byModel = await testIn(repo, { models: ['x', 'm'] });
    expect(byModel.targets).toMatchObject([
      { model: 'x', costUsd: null },
      { model: 'm', costUsd: 0.03, passed: 2 },
    ]);
    expect(new Set(models)).toEqual(new Set(['d', 'p', 'x', 'm']));
  });

  it('compares two versions case by case', async () => {
    const cases = Array.from(
      { length: 12 },
      (_, i) => `  - {name: c${i}, variables: {name: n${i}}, assert: [{contains: Hello}]}\n`,
    );
    const repo = make({ '.promptrc.yaml': echo, 'prompts/hello.yaml': hello(cases.join('')) });
    await saveIn(repo);
    repo.write('prompts/hello.yaml', repo.read('prompts/hello.yaml').replace('Hello {{', 'Goodbye {{'));
    const result = await testIn(repo, { refs: ['hello'], compare: 'latest' });
    expect(result.passed).toBe(false);
    expect(result.comparisons).toMatchObject([
      { prompt: 'hello', a: '1.0.0', b: 'working', metrics: expect.any(Array) },
    ]);
    expect(result.comparisons[0]?.metrics[0]).toMatchObject({
      metric: 'passed',
      test: 'mcnemar',
      pairs: 12,
      a: 1,
      b: 0,
      change: -1,
      verdict: 'worse',
      p: expect.closeTo(2 ** -11, 12),
    });
    const versions = logOf(repo).map(({ version }) => version);
    expect(versions.filter((version) => version === '1.0.0')).toHaveLength(12);
    expect(versions).toHaveLength(24);
  });
});

describe('the gate "tests"', () => {
  const promoteIn = async (repo: TempRepo) => {
    const workspace = await openWorkspace({ cwd: repo.dir, env: { ...repo.env } });
    try {
      const { promotions } = await promote(workspace, { refs: ['hello'], environment: 'dev', dryRun: true });
      return promotions[0]?.gates.find(({ name }) => name === 'tests');
    } finally {
      await workspace.close();
    }
  };

  it('passes what passed with the very same content, and runs nothing', async () => {
    const repo = make({
      '.promptrc.yaml': 'environments: [{name: dev, requires: [tests]}]\n',
      'prompts/hello.yaml': hello('  - {name: one, variables: {name: A}, assert: [{contains: Hello}]}\n'),
    });
    // Tested before it has a number.
    await testIn(repo);
    await saveIn(repo);
    expect(await promoteIn(repo)).toMatchObject({ verdict: 'pass', detail: '1 of 1 tests passed' });
    repo.write('prompts/hello.yaml', repo.read('prompts/hello.yaml').replace('Hello {{', 'Bye {{'));
    await saveIn(repo);
    expect(await promoteIn(repo)).toMatchObject({
      verdict: 'fail',
      detail: 'no test of this content of 1.0.1 is recorded',
      satisfy: ['promptv test hello@1.0.1'],
    });
    await testIn(repo, { refs: ['hello@1.0.1'] });
    expect(await promoteIn(repo)).toMatchObject({
      verdict: 'fail',
      detail: '0 of 1 tests passed; failed: one',
    });
    repo.write('prompts/hello.test.yaml', '- {name: two, variables: {name: A}, assert: [{contains: Bye}]}\n');
    await testIn(repo, { refs: ['hello@1.0.1'] });
    expect(await promoteIn(repo)).toMatchObject({
      verdict: 'fail',
      detail: '1 of 2 tests passed; failed: one',
    });
  });

  it('wants the run for its environment where that tests with another provider', async () => {
    const repo = make({
      '.promptrc.yaml': 'environments: [{name: dev, requires: [tests], test: {provider: none}}]\n',
      'prompts/hello.yaml': hello('  - {name: one, variables: {name: A}, assert: [{contains: Hello}]}\n'),
    });
    await saveIn(repo);
    await testIn(repo);
    expect(await promoteIn(repo)).toMatchObject({
      verdict: 'fail',
      satisfy: ['promptv test hello@1.0.0 --env dev'],
    });
    await testIn(repo, { environments: ['dev'] });
    expect(await promoteIn(repo)).toMatchObject({ verdict: 'pass' });
  });
});
