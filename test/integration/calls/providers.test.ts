import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { createExecProvider } from '../../../src/calls/exec-provider.ts';
import { createHttpProvider } from '../../../src/calls/http-provider.ts';
import { createCallGate } from '../../../src/calls/limit-calls.ts';
import { runLimited, WorkTimeout } from '../../../src/calls/limited-work.ts';
import { createMask } from '../../../src/calls/mask-secrets.ts';
import { createNetworkEdge } from '../../../src/calls/network-edge.ts';
import type { ProviderRequest } from '../../../src/calls/provider.ts';
import { createRecordingProvider, createReplayProvider } from '../../../src/calls/replay-provider.ts';
import { canLimitMemory } from '../../../src/calls/run-program.ts';
import { completion, type LoopbackServer, sendJson, startServer } from '../../helpers/loopback-server.ts';

const request: ProviderRequest = {
  text: 'Say hello',
  messages: [{ role: 'user', content: 'Say hello' }],
  model: 'model-1',
  parameters: { temperature: 0, maxTokens: 5 },
  responseFormat: { type: 'json_object' },
  tools: null,
};
const never = new AbortController().signal;
const node = (script: string, changes: Partial<Parameters<typeof createExecProvider>[0]> = {}) =>
  createExecProvider({
    name: 'local',
    argv: [process.execPath, '-e', script],
    cwd: process.cwd(),
    env: { PATH: process.env.PATH },
    input: 'text',
    mask: (text) => text,
    ...changes,
  });

describe('the provider exec', () => {
  it('gives the prompt on stdin and takes stdout for the answer', async () => {
    const provider = node('process.stdin.pipe(process.stdout); process.stderr.write("chatter")');
    expect(await provider(request, never)).toMatchObject({
      text: 'Say hello',
      model: null,
      inputTokens: null,
    });
  });

  it('gives the whole request as JSON where that was asked', async () => {
    const { text } = await node('process.stdin.pipe(process.stdout)', { input: 'json' })(request, never);
    expect(JSON.parse(text)).toMatchObject({ messages: request.messages, model: 'model-1' });
  });

  it('passes no variable of the environment but those named', async () => {
    const { text } = await node('console.log(Object.keys(process.env).sort().join())', {
      env: { PATH: process.env.PATH, GIVEN: '1' },
    })(request, never);
    expect(text.split(',')).toEqual(expect.arrayContaining(['GIVEN', 'PATH']));
    expect(text).not.toContain('HOME');
  });

  it('starts no shell', async () => {
    const provider = node('', { argv: ['echo', '$(touch pwned)', '`id`', '; ls'] });
    expect((await provider(request, never)).text).toBe('$(touch pwned) `id` ; ls');
  });

  it.each([
    [
      'ends with another code',
      'console.error("no model sk-123456"); process.exit(4)',
      /ended with 4: no model \*\*\*/,
    ],
    [
      'ends with an error that its version follows',
      'throw new RangeError("too little memory")',
      /ended with 1: RangeError: too little memory/,
    ],
    [
      'prints without end',
      'setInterval(() => process.stdout.write("x".repeat(1e6)), 0)',
      /more than 8388608 bytes/,
    ],
  ])('says what is wrong with a program that %s', async (_, script, message) => {
    await expect(node(script, { mask: createMask(['sk-123456']) })(request, never)).rejects.toThrow(message);
  });

  it('says when there is no such program', async () => {
    await expect(node('', { argv: ['no-such-program-here'] })(request, never)).rejects.toMatchObject({
      code: 'PROVIDER_FAILED',
    });
  });

  it('stops the program and what it started when time is up', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      process.stderr.write(String(child.pid));
      setInterval(() => {}, 1000);`;
    const work = node(script)(request, AbortSignal.timeout(400));
    // A grandchild that lived on would hold the output open, and this would never end.
    await expect(work).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('leaves nothing behind on the signal of its caller', async () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 3; i++) await node('console.log(1)')(request, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it.runIf(canLimitMemory)('says what is missing where the memory cannot be limited', async () => {
    const bare = node('console.log(1)', { env: { PATH: '/nowhere' } });
    await expect(bare(request, never)).rejects.toThrow(/no prlimit .* install util-linux/);
  });

  it.runIf(canLimitMemory)('gives a program no more than 512 MB', async () => {
    const hog = 'const all = []; for (;;) all.push(Buffer.alloc(64e6, 1))';
    await expect(node(hog)(request, never)).rejects.toMatchObject({ code: 'PROVIDER_FAILED' });
    const modest = 'console.log(Buffer.alloc(100e6, 1).length)';
    expect((await node(modest)(request, never)).text).toBe('100000000');
  });
});

describe('the provider http', () => {
  const servers: LoopbackServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const serve = async (...args: Parameters<typeof startServer>) => {
    const server = await startServer(...args);
    servers.push(server);
    return server;
  };
  const edge = createNetworkEdge({
    timeoutMs: 5000,
    retries: 0,
    breaker: { failures: 99, cooldownMs: 1, successes: 1 },
  });
  const providerAt = (url: string, key: string | null = 'sk-123456') =>
    createHttpProvider({ name: 'served', baseUrl: `${url}/v1/`, key, edge, mask: createMask(['sk-123456']) });

  it('speaks the protocol of chat completions', async () => {
    const server = await serve((_, response) => sendJson(response, completion('hello')));
    const answer = await providerAt(server.url)(request, never);
    expect(answer).toMatchObject({ text: 'hello', model: 'served-model', inputTokens: 12, outputTokens: 3 });
    expect(answer.latencyMs).toBeGreaterThan(0);
    const [received] = server.requests;
    expect(received).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer sk-123456' },
    });
    expect(JSON.parse(received?.body ?? '')).toEqual({
      model: 'model-1',
      messages: request.messages,
      temperature: 0,
      max_tokens: 5,
      response_format: { type: 'json_object' },
    });
  });

  it('sends no authorization without a key', async () => {
    const server = await serve((_, response) => sendJson(response, completion('hello')));
    await providerAt(server.url, null)(request, never);
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('takes calls of tools for the answer where there is no text', async () => {
    const calls = [{ id: 'a', function: { name: 'find', arguments: '{}' } }];
    const server = await serve((_, response) =>
      sendJson(response, { choices: [{ message: { content: null, tool_calls: calls } }] }),
    );
    const answer = await providerAt(server.url)(request, never);
    expect(JSON.parse(answer.text)).toEqual(calls);
    expect(answer).toMatchObject({ model: null, inputTokens: null });
  });

  it.each([
    {},
    { choices: [] },
    { choices: [{ message: null }] },
    [],
    { choices: [{ message: { content: 4 } }] },
  ])('refuses the answer %j', async (body) => {
    const server = await serve((_, response) => sendJson(response, body));
    await expect(providerAt(server.url)(request, never)).rejects.toMatchObject({ code: 'PROVIDER_FAILED' });
  });

  it('shows no key, whatever the server says', async () => {
    const server = await serve(({ headers }, response, number) =>
      number === 0
        ? sendJson(response, completion(`your key is ${headers.authorization}`))
        : sendJson(response, { error: { message: `wrong: ${headers.authorization}` } }, 401),
    );
    const provider = providerAt(server.url);
    expect((await provider(request, never)).text).toBe('your key is Bearer ***');
    const error = await provider(request, never).catch((thrown: unknown) => thrown);
    const { inspect } = await import('node:util');
    expect(inspect(error, { depth: 10 })).toContain('wrong: Bearer ***');
    expect(inspect(error, { depth: 10 })).not.toContain('sk-123456');
  });
});

describe('the provider replay', () => {
  const files = new Map<string, string>();
  const recordings = {
    place: 'recorded',
    read: async (file: string) => files.get(file) ?? null,
    write: async (file: string, text: string) => {
      files.set(file, text);
    },
  };

  it('answers as recorded, to the same request alone', async () => {
    const original = node('process.stdout.write("hello")');
    const answer = await createRecordingProvider(original, recordings)(request, never);
    expect(files.size).toBe(1);
    const replay = createReplayProvider(recordings);
    expect(await replay(request, never)).toEqual(answer);
    await expect(replay({ ...request, model: 'model-2' }, never)).rejects.toMatchObject({
      code: 'RECORDING_MISSING',
    });
  });

  it('refuses a file that is no recording', async () => {
    for (const name of files.keys()) files.set(name, '{"answer": {"text": 4}}');
    await expect(createReplayProvider(recordings)(request, never)).rejects.toMatchObject({
      code: 'RECORDING_INVALID',
    });
  });
});

describe('limits', () => {
  it('end a pathological regular expression, and nothing else', () => {
    const subject = `${'a'.repeat(60)}!`;
    expect(() => runLimited(50, () => /^(a+)+$/u.test(subject))).toThrow(WorkTimeout);
    expect(runLimited(1000, () => /a+!/u.test(subject))).toBe(true);
    expect(() =>
      runLimited(1000, () => {
        throw new RangeError('own');
      }),
    ).toThrow(RangeError);
  });

  it('let no more work through at once than allowed', async () => {
    const gate = createCallGate({ concurrency: 2, requestsPerMinute: null });
    let [now, most] = [0, 0];
    const work = () =>
      gate(async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
      });
    await Promise.all(Array.from({ length: 9 }, work));
    expect(most).toBe(2);
  });

  it('space work out over a minute', async () => {
    const gate = createCallGate({ concurrency: null, requestsPerMinute: 6000 });
    const start = performance.now();
    await Promise.all(Array.from({ length: 6 }, () => gate(async () => {})));
    expect(performance.now() - start).toBeGreaterThanOrEqual(48);
  });
});

describe('a mask', () => {
  it('hides a secret in every spelling, and leaves short values alone', () => {
    const mask = createMask(['se"cret/1', 'ab']);
    expect(mask('se"cret/1 se\\"cret/1 se%22cret%2F1 ab')).toBe('*** *** *** ab');
  });
});
