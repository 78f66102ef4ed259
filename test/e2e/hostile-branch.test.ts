import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { completion, type LoopbackServer, sendJson, startServer } from '../helpers/loopback-server.ts';
import { createTempRepo, type TempRepo } from '../helpers/temp-repo.ts';

let repo: TempRepo | undefined;
let server: LoopbackServer | undefined;
afterEach(async () => {
  repo?.remove();
  await server?.close();
});

const key = 'sk-very-secret-1234';

/** A branch whose configuration names programs and addresses wherever it can. */
const hostileFiles = (url: string, marker: string): Record<string, string> => {
  const touch = JSON.stringify([
    process.execPath,
    '-e',
    `require('fs').writeFileSync(${JSON.stringify(marker)}, '')`,
  ]);
  return {
    '.gitignore': '.promptv/cache/\n.promptv/metrics/\n',
    '.promptrc.yaml': `test:
  provider: evil
  providers:
    evil: {type: exec, command: ${touch}}
    net: {type: http, url: "${url}/v1", keyEnv: KEY}
  commands: {evil: ${touch}}
environments:
  - {name: dev, autoApprove: true, requires: [tests], test: {provider: net}}
  - {name: prod, autoApprove: true}
  - {name: late, approvals: [{name: review}], approvalAge: 0s}
rollouts:
  prometheus: {url: "${url}"}
  queries: {evil: {query: up, max: 1}}
  gates: ["query:evil"]
notify:
  run: {type: command, command: ${touch}}
  hook: {type: webhook, url: "${url}/hook", keyEnv: KEY}
  log: {type: file, file: ../marker}
`,
    'prompts/hello.yaml': `description: Says hello to somebody.
content: Hello {{name}}, how are you today?
variables: [{name: name}]
tests:
  - {name: one, variables: {name: A}, assert: [{command: evil}]}
`,
  };
};

describe('the configuration of a hostile branch', () => {
  it('starts no program and opens no connection in any command but test, rollout, watch and those with --notify', async () => {
    server = await startServer((_, response) => sendJson(response, completion('fine')));
    repo = createTempRepo();
    const marker = join(repo.root, 'marker');
    for (const [path, text] of Object.entries(hostileFiles(server.url, marker))) repo.write(path, text);
    repo.git('add', '--all');
    repo.git('commit', '--quiet', '--message', 'Hostile');
    // Staged, so that the hook before a commit has a prompt to read.
    repo.write('prompts/hello.yaml', `${repo.read('prompts/hello.yaml')}category: first\n`);
    repo.git('add', 'prompts/hello.yaml');
    const env = { KEY: key };
    const commands = [
      ['lint'],
      ['hooks', 'install'],
      ['hooks', 'run', 'pre-commit'],
      ['hooks', 'run', 'post-commit'],
      ['status'],
      ['save'],
      ['diff', 'hello'],
      ['render', 'hello', '--var', 'name=A'],
      ['promote', 'hello', '--env', 'prod'],
      ['get', 'hello', '--env', 'prod', '--var', 'name=A'],
      ['bench', 'hello', '--iterations', '2'],
      ['doctor'],
      ['approval', 'submit', 'hello', '--env', 'late'],
      ['approval', 'pending'],
    ];
    const later = [
      ['save', 'hello', '--set-version', '2.0.0', '-m', 'Two'],
      ['promote', 'hello@2.0.0', '--env', 'prod'],
      ['rollback', 'hello', '--env', 'prod'],
      ['promote', 'hello@2.0.0', '--env', 'prod', '--strategy', 'quick'],
      ['env', 'show', 'prod'],
      ['config', 'show'],
    ];
    const { promptv } = repo;
    const run = async (all: readonly string[][]): Promise<void> => {
      for (const args of all) {
        const { exitCode, stderr } = await promptv(args, { env });
        expect({ args, exitCode, stderr }).toMatchObject({ args, exitCode: 0 });
      }
    };
    await run(commands);
    repo.write('prompts/hello.yaml', repo.read('prompts/hello.yaml').replace('first', 'other'));
    await run(later);
    expect((await repo.promptv(['promote', 'hello', '--env', 'dev'], { env })).exitCode).toBe(3);
    expect({ ran: existsSync(marker), asked: server.requests.length }).toEqual({ ran: false, asked: 0 });
    // The same configuration does both in `test`, so the commands above had something to leave alone.
    await repo.promptv(['test', '--provider', 'net'], { env });
    expect({ ran: existsSync(marker), asked: server.requests.length }).toEqual({ ran: true, asked: 1 });
    rmSync(marker);
    // The rollout asks its server, and what happens to it is told.
    await repo.promptv(['rollout', 'tick'], { env });
    await repo.promptv(['rollout', 'pause', 'hello', '--env', 'prod'], { env });
    const paths = server.requests.slice(1).map(({ path }) => path.replace(/\?.*/, ''));
    expect({ ran: existsSync(marker), paths }).toEqual({ ran: true, paths: ['/api/v1/query', '/hook'] });
  });
});

describe('the name of a file', () => {
  it('cannot give commands to the runner of a CI', async () => {
    repo = createTempRepo();
    repo.write('prompts/x\n::error::name ##[error]x.yaml', 'content: Hi.\n');
    const commands = [['save'], ['save', '--json'], ['test'], ['diff'], ['lint'], ['lint', '--json']];
    for (const args of commands) {
      const { stdout, stderr } = await repo.promptv(args);
      expect(`${stdout}${stderr}`).toContain('error');
      expect({ args, said: `${stdout}${stderr}` }).toEqual({
        args,
        said: expect.not.stringMatching(/^\s*::|##\[/m),
      });
    }
  });
});

describe('promptv test, as a process', () => {
  it('ends with 0, 3, 1 and 2, and shows no key, not even to --debug', async () => {
    let status = 200;
    server = await startServer(({ headers }, response) =>
      status === 200
        ? sendJson(response, completion(`fine ${headers.authorization}`))
        : sendJson(response, { error: { message: `refused ${headers.authorization}` } }, status),
    );
    repo = createTempRepo({
      files: {
        '.promptrc.yaml': `metrics: {capture: true}\ntest: {provider: net, providers: {net: {type: http, url: "${server.url}/v1", keyEnv: KEY}}}\n`,
        'prompts/hello.yaml': 'content: Hello\ntests:\n  - {name: one, assert: [{contains: fine}]}\n',
        'prompts/wrong.yaml': 'content: Hello\ntests:\n  - {name: one, assert: [{equals: x}]}\n',
        'prompts/bad.yaml': 'content: Hello\ntests: 4\n',
      },
    });
    const env = { KEY: key };
    const runs = [
      await repo.promptv(['test', 'hello', '--debug', '--json'], { env }),
      await repo.promptv(['test', 'wrong', '--debug', '--reporter', 'junit', '--record', 'tape'], { env }),
    ];
    status = 401;
    runs.push(await repo.promptv(['test', 'hello', '--debug'], { env }));
    runs.push(await repo.promptv(['test', 'bad', '--debug'], { env }));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 3, 1, 2]);
    expect(JSON.parse(runs[0]?.stdout ?? '')).toMatchObject({
      ok: true,
      passed: true,
      totals: { passed: 1 },
    });
    expect(runs[1]?.stdout).toContain('<failure');
    expect(runs[2]).toMatchObject({ stdout: '', stderr: expect.stringContaining('refused Bearer ***') });
    expect(runs[3]?.stderr).toContain('prompts/bad.yaml:2:1');
    const files = repo.git('ls-files', '--others').split('\n');
    expect(files.filter((file) => file.startsWith('tape/'))).toHaveLength(1);
    const written = files.map((file) => repo?.read(file)).join('\n');
    expect(`${written}${JSON.stringify(runs)}`).not.toContain(key);
    expect(written).toContain('Bearer ***');
  });
});
