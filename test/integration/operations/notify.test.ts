import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { NotifyEvent } from '../../../src/core/notify/event.ts';
import { pendingAndTell, submitAndTell } from '../../../src/operations/approval/tell.ts';
import { promoteAndFollow, rollbackAndFollow } from '../../../src/operations/delivery/follow-up.ts';
import { notify } from '../../../src/operations/notify.ts';
import {
  createDeliveryRepo,
  environmentsConfig,
  inPlace,
  promoteIn,
  versionsRun,
} from '../../helpers/delivery.ts';
import { type LoopbackServer, startServer } from '../../helpers/loopback-server.ts';
import { atHour, beginIn, createRolloutRepo, tickIn, verbIn } from '../../helpers/rollout-in.ts';
import type { TempRepo } from '../../helpers/temp-repo.ts';

const repos: TempRepo[] = [];
const servers: LoopbackServer[] = [];
afterEach(async () => {
  for (const repo of repos.splice(0)) repo.remove();
  for (const server of servers.splice(0)) await server.close();
});

const serve = async (answer: Parameters<typeof startServer>[0]): Promise<LoopbackServer> => {
  const server = await startServer(answer);
  servers.push(server);
  return server;
};

const make = async (notifyConfig: string, environments?: string): Promise<TempRepo> => {
  const repo = await createDeliveryRepo({
    versions: 2,
    files: environmentsConfig(environments, `notify:\n${notifyConfig}`),
  });
  repos.push(repo);
  return repo;
};

const fileSink = '  log: {type: file, file: .promptv/cache/events.jsonl}\n';

const told = (repo: TempRepo): NotifyEvent[] => {
  const path = join(repo.dir, '.promptv/cache/events.jsonl');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
};

const event = (fields: Partial<NotifyEvent> = {}): NotifyEvent => ({
  ...{ schemaVersion: 1, id: 'e1', event: 'alert', at: '2026-01-01T00:00:00.000Z', severity: 'info' },
  ...{ prompt: 'greet', environment: 'production', version: '1.0.0', previousVersion: null, by: null },
  ...{ text: 'Hello', details: {} },
  ...fields,
});

const secret = 'a-very-secret-key';
const tell = (repo: TempRepo, env = {}) =>
  inPlace(repo, (workspace) => notify(workspace, [event()]), { env });

describe('a webhook', () => {
  it('gets the event, signed as Standard Webhooks says, again until it takes it', async () => {
    const server = await serve((_, response, number) => response.writeHead(number === 0 ? 503 : 204).end());
    const repo = await make(`  hook: {type: webhook, url: "${server.url}/in", keyEnv: KEY}\n`);
    expect(await tell(repo, { KEY: secret })).toMatchObject([
      { sink: 'hook', delivered: true, detail: null },
    ]);
    expect(server.requests).toHaveLength(2);
    const { headers, body, path, method } = server.requests[1] ?? {
      headers: {},
      body: '',
      path: '',
      method: '',
    };
    expect({ path, method, body: JSON.parse(body) }).toEqual({ path: '/in', method: 'POST', body: event() });
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers['webhook-id']).toBe('e1');
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
    );
  });

  it('that refuses, hangs or is gone is a notice that was not delivered, without anything secret', async () => {
    const refusing = await serve(({ headers }, response) =>
      response.writeHead(400).end(JSON.stringify({ error: `bad ${headers['webhook-signature']} ${secret}` })),
    );
    const hanging = await serve(() => {});
    const repo = await make(`  refusing: {type: webhook, url: "${refusing.url}", keyFile: ../key}
  hanging: {type: webhook, urlEnv: URL, timeout: 50ms}
  gone: {type: webhook, url: "http://127.0.0.1:1/x", timeout: 50ms}
  keyless: {type: webhook, url: "${refusing.url}", keyEnv: MISSING}
`);
    repo.write('../key', `${secret}\n`);
    const notices = await tell(repo, { URL: `${hanging.url}/services/hidden-path` });
    expect(notices.map(({ sink, delivered }) => [sink, delivered])).toEqual([
      ['refusing', false],
      ['hanging', false],
      ['gone', false],
      ['keyless', false],
    ]);
    expect(notices[3]?.detail).toContain('MISSING');
    expect(refusing.requests).toHaveLength(1);
    expect(JSON.stringify(notices)).not.toMatch(/very-secret|hidden-path/);
  });
});

describe('a command', () => {
  const reader = (code: string): string => JSON.stringify([process.execPath, '-e', code]);

  it('reads the event on stdin, without a shell, and sees only the variables named for it', async () => {
    const code = `let t='';process.stdin.on('data',d=>t+=d).on('end',()=>require('fs').writeFileSync('seen',t+process.env.SHOWN+process.env.HIDDEN+process.argv[1]))`;
    const repo = await make(
      `  run: {type: command, env: [SHOWN], command: ${reader(code).replace(/\]$/, ', "$(id)"]')}}\n`,
    );
    const notices = await tell(repo, { SHOWN: 'shown!', HIDDEN: 'hidden!' });
    expect(notices).toMatchObject([{ delivered: true }]);
    expect(repo.read('seen')).toBe(`${JSON.stringify(event())}\nshown!undefined$(id)`);
  });

  it.each([
    ['fails', `console.error('no '+process.env.KEY);process.exit(3)`, 'ended with 3: no ***'],
    ['hangs', 'setInterval(()=>{},1000)', 'no answer within 300 ms'],
  ])('that %s is a notice that was not delivered', async (_, code, detail) => {
    const repo = await make(`  run: {type: command, env: [KEY], timeout: 300ms, command: ${reader(code)}}\n`);
    expect(await tell(repo, { KEY: secret })).toMatchObject([
      { delivered: false, detail: expect.stringContaining(detail) },
    ]);
  });
});

describe('commands that deliver', () => {
  it('tell nobody unless they are called with --notify', async () => {
    const repo = await make(fileSink);
    const place = { environment: 'production', reason: 'Because' };
    const run = (refs: string, notifies?: boolean) =>
      inPlace(repo, (workspace) => promoteAndFollow(workspace, { ...place, refs: [refs], notify: notifies }));
    expect((await run('greet@1.0.0')).notices).toEqual([]);
    expect(told(repo)).toEqual([]);
    expect((await run('greet@1.0.1', true)).notices).toMatchObject([{ sink: 'log', event: 'promotion' }]);
    await run('greet@1.0.1', true);
    const back = await inPlace(repo, (workspace) =>
      rollbackAndFollow(workspace, { environment: 'production', names: ['greet'], notify: true }),
    );
    expect(told(repo)).toMatchObject([
      { event: 'promotion', version: '1.0.1', previousVersion: '1.0.0', details: { reason: 'Because' } },
      { event: 'rollback', version: '1.0.0', severity: 'critical', details: { trigger: 'manual' } },
    ]);
    expect(told(repo)[1]?.id).toBe(`production-greet-${back.rollbacks[0]?.deployment.id}`);
  });

  it('have gone back before a sink that hangs gives up', async () => {
    let repo: TempRepo | undefined;
    const seen: string[][] = [];
    const server = await serve(() => {
      if (repo) seen.push(versionsRun(repo));
    });
    repo = await make(
      `  hook: {type: webhook, url: "${server.url}", timeout: 50ms}\nnetwork: {retries: 0}\n`,
    );
    await promoteIn(repo, 'greet@1.0.0');
    await promoteIn(repo, 'greet@1.0.1');
    const { notices, warnings } = await inPlace(repo, (workspace) =>
      rollbackAndFollow(workspace, { environment: 'production', names: ['greet'], notify: true }),
    );
    expect(seen).toEqual([['1.0.0', '1.0.1', '1.0.0']]);
    expect(notices).toMatchObject([{ delivered: false }]);
    expect(warnings).toMatchObject([{ code: 'NOTIFY_FAILED' }]);
  });

  it('tell of approvals that are asked for, and of those that are overdue, with whom to escalate to', async () => {
    const repo = await make(
      fileSink,
      '  - {name: production, approvalAge: 1h, approvals: [{name: review, escalateTo: [boss@example.com]}]}\n',
    );
    const request = { ref: 'greet@1.0.0', environment: 'production', notify: true };
    await inPlace(repo, (workspace) => submitAndTell(workspace, request), atHour(0));
    await inPlace(repo, (workspace) => submitAndTell(workspace, request), atHour(0));
    await inPlace(repo, (workspace) => pendingAndTell(workspace, { notify: true }), atHour(0.5));
    await inPlace(repo, (workspace) => pendingAndTell(workspace, { notify: true }), atHour(2));
    expect(told(repo)).toMatchObject([
      { event: 'approval.requested', version: '1.0.0', details: { stage: 'review', escalateTo: [] } },
      { event: 'approval.overdue', details: { escalateTo: ['boss@example.com'] } },
    ]);
  });
});

describe('a rollout', () => {
  it('tells of every transition once, and of no look without one', async () => {
    const repo = await createRolloutRepo(
      `notify:\n  log: {type: file, file: .promptv/cache/events.jsonl, events: ["rollout.*"]}\n`,
    );
    repos.push(repo);
    await beginIn(repo, { rollout: { gates: [] } });
    await tickIn(repo, 0.5);
    await tickIn(repo, 1);
    await tickIn(repo, 2, { dryRun: true });
    await verbIn(repo, 'pause', { hour: 1.5, reason: 'Lunch' });
    const aborted = await verbIn(repo, 'abort', { hour: 1.6, emergency: true });
    await verbIn(repo, 'abort', { hour: 1.7 });
    expect(aborted.notices).toMatchObject([{ event: 'rollout.abort', delivered: true }]);
    expect(told(repo).map(({ event: name, severity, details }) => [name, severity, details.weight])).toEqual([
      ['rollout.advance', 'info', 50],
      ['rollout.pause', 'warning', 50],
      ['rollout.abort', 'critical', 0],
    ]);
    expect(new Set(told(repo).map(({ id }) => id)).size).toBe(3);
  });
});
