import { afterEach, describe, expect, it, vi } from 'vitest';
import { createNetworkEdge, type EdgeOptions } from '../../../src/calls/network-edge.ts';
import { isPromptvError } from '../../../src/errors.ts';
import { type LoopbackServer, sendJson, startServer } from '../../helpers/loopback-server.ts';

const servers: LoopbackServer[] = [];
const serve = async (...args: Parameters<typeof startServer>) => {
  const server = await startServer(...args);
  servers.push(server);
  return server;
};
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const options: EdgeOptions = {
  timeoutMs: 5000,
  retries: 2,
  breaker: { failures: 5, cooldownMs: 60_000, successes: 3 },
  firstDelayMs: 1,
};
const edgeWith = (changes: Partial<EdgeOptions> = {}) => createNetworkEdge({ ...options, ...changes });
const failureOf = async (work: Promise<unknown>): Promise<{ code: string; message: string }> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!isPromptvError(error)) throw new Error(`No coded error: ${String(error)}`);
  return { code: error.code, message: error.message };
};

describe('a request', () => {
  it('gives the JSON of the answer', async () => {
    const server = await serve((_, response) => sendJson(response, { ok: 1 }));
    const { body } = await edgeWith().requestJson({ url: `${server.url}/x`, method: 'POST', body: 'hello' });
    expect(body).toEqual({ ok: 1 });
    expect(server.requests).toMatchObject([{ method: 'POST', path: '/x', body: 'hello' }]);
  });

  it.each([429, 500, 502, 503])('is repeated after status %d', async (status) => {
    const server = await serve((_, response, number) =>
      sendJson(response, { n: number }, number < 2 ? status : 200),
    );
    expect((await edgeWith().requestJson({ url: server.url })).body).toEqual({ n: 2 });
  });

  it('waits as long as Retry-After says, not as long as its own delay', async () => {
    const server = await serve((_, response, number) => {
      if (number > 0) return sendJson(response, {});
      response.writeHead(429, { 'retry-after': '0' });
      response.end();
    });
    // With its own delay this test would run into its time limit.
    await edgeWith({ firstDelayMs: 10_000_000 }).requestJson({ url: server.url });
    expect(server.requests).toHaveLength(2);
  });

  it('is given up at once when Retry-After is longer than anybody waits', async () => {
    const server = await serve((_, response) => {
      response.writeHead(429, { 'retry-after': '3600' });
      response.end();
    });
    const failure = await failureOf(edgeWith().requestJson({ url: server.url }));
    expect(failure).toMatchObject({ code: 'CALL_FAILED', message: expect.stringContaining('status 429') });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    400, 401, 404,
  ])('is not repeated after status %d, and says what the server said', async (status) => {
    const server = await serve((_, response) =>
      sendJson(response, { error: { message: 'no such model' } }, status),
    );
    const { message } = await failureOf(edgeWith().requestJson({ url: server.url }));
    expect(message).toContain(`status ${status}: no such model`);
    expect(server.requests).toHaveLength(1);
  });

  it('hides secrets that the server repeats', async () => {
    const server = await serve((request, response) =>
      sendJson(response, { error: { message: `bad key ${request.headers.authorization}` } }, 401),
    );
    const { message } = await failureOf(
      edgeWith().requestJson({
        url: server.url,
        headers: { authorization: 'Bearer sk-123456' },
        mask: (text) => text.replaceAll('sk-123456', '***'),
      }),
    );
    expect(message).toContain('bad key Bearer ***');
  });

  it.each([
    ['malformed JSON', 'application/json', '{"a":', 'not well-formed JSON'],
    ['a wrong content type', 'text/html', '<p>hello</p>', 'of the type text/html'],
    ['a huge body', 'application/json', `"${'x'.repeat(9 * 1024 * 1024)}"`, 'more than 8388608 bytes'],
  ])('refuses %s', async (_, type, text, reason) => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': type });
      response.end(text);
    });
    const failure = await failureOf(edgeWith().requestJson({ url: server.url }));
    expect(failure).toMatchObject({ code: 'CALL_FAILED', message: expect.stringContaining(reason) });
  });

  it('fails when the connection is cut, or nobody listens', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"a":');
      setImmediate(() => response.destroy());
    });
    expect(await failureOf(edgeWith().requestJson({ url: server.url }))).toMatchObject({
      code: 'CALL_FAILED',
    });
    expect(server.requests).toHaveLength(3);
    await server.close();
    const { message } = await failureOf(edgeWith().requestJson({ url: server.url }));
    expect(message).toContain('ECONNREFUSED');
  });

  it('is ended by its time limit when the server hangs', async () => {
    const server = await serve(() => {});
    const { message } = await failureOf(
      edgeWith({ timeoutMs: 30, retries: 1 }).requestJson({ url: server.url }),
    );
    expect(message).toContain('no answer within 30 ms');
    expect(server.requests).toHaveLength(2);
  });

  it("ends with the caller's signal while it waits", async () => {
    const server = await serve((_, response) => sendJson(response, {}, 500));
    const controller = new AbortController();
    const work = edgeWith({ firstDelayMs: 10_000_000 }).requestJson({
      url: server.url,
      signal: controller.signal,
    });
    await vi.waitUntil(() => server.requests.length === 1);
    controller.abort(new Error('enough'));
    await expect(work).rejects.toThrow('enough');
  });

  it('follows no redirect, which would take the key elsewhere', async () => {
    const target = await serve((_, response) => sendJson(response, {}));
    const server = await serve((_, response) => {
      response.writeHead(302, { location: target.url });
      response.end();
    });
    await failureOf(
      edgeWith({ retries: 0 }).requestJson({ url: server.url, headers: { authorization: 'Bearer k' } }),
    );
    expect(target.requests).toHaveLength(0);
  });
});

describe('the circuit of a host', () => {
  const failing = async () => {
    let status = 500;
    const server = await serve((_, response) => sendJson(response, {}, status));
    return { server, set: (next: number) => (status = next) };
  };
  const call = async (edge: ReturnType<typeof edgeWith>, url: string) =>
    edge.requestJson({ url }).then(
      () => 'done',
      (error: unknown) => (isPromptvError(error) ? error.code : String(error)),
    );

  it('opens after 5 failures and sends nothing more', async () => {
    const { server } = await failing();
    const edge = edgeWith({ retries: 0 });
    const codes = [];
    for (let i = 0; i < 7; i++) codes.push(await call(edge, server.url));
    expect(codes).toEqual([...Array(5).fill('CALL_FAILED'), 'CIRCUIT_OPEN', 'CIRCUIT_OPEN']);
    expect(server.requests).toHaveLength(5);
  });

  it('says why the last call failed, without the secret that the server repeats', async () => {
    const server = await serve((_, response) =>
      sendJson(response, { error: { message: 'no sk-1234' } }, 500),
    );
    const edge = edgeWith({ retries: 9 });
    const mask = (text: string) => text.replaceAll('sk-1234', '***');
    await expect(edge.requestJson({ url: server.url, mask })).rejects.toMatchObject({
      code: 'CIRCUIT_OPEN',
      message: expect.stringMatching(/5 calls in a row failed, the last: status 500: no \*\*\*\.$/),
    });
  });

  it('counts each attempt, and no refusal that is the fault of the request', async () => {
    const { server, set } = await failing();
    const edge = edgeWith({ retries: 2 });
    set(401);
    for (let i = 0; i < 8; i++) expect(await call(edge, server.url)).toBe('CALL_FAILED');
    set(500);
    expect([await call(edge, server.url), await call(edge, server.url)]).toEqual([
      'CALL_FAILED',
      'CIRCUIT_OPEN',
    ]);
  });

  it('half-opens after 60 s, where one failure opens it again, and closes after 3 successes', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { server, set } = await failing();
    const edge = edgeWith({ retries: 0 });
    const fail = async (times: number) => {
      for (let i = 0; i < times; i++) await call(edge, server.url);
    };
    await fail(5);
    vi.setSystemTime(Date.now() + 59_000);
    expect(await call(edge, server.url)).toBe('CIRCUIT_OPEN');
    vi.setSystemTime(Date.now() + 1000);
    expect(await call(edge, server.url)).toBe('CALL_FAILED');
    expect(await call(edge, server.url)).toBe('CIRCUIT_OPEN');
    vi.setSystemTime(Date.now() + 60_000);
    set(200);
    expect([await call(edge, server.url), await call(edge, server.url)]).toEqual(['done', 'done']);
    set(500);
    // Two successes do not close it: one failure is enough.
    expect([await call(edge, server.url), await call(edge, server.url)]).toEqual([
      'CALL_FAILED',
      'CIRCUIT_OPEN',
    ]);
    vi.setSystemTime(Date.now() + 60_000);
    set(200);
    for (let i = 0; i < 3; i++) expect(await call(edge, server.url)).toBe('done');
    set(500);
    // Three do: five failures are needed again.
    for (let i = 0; i < 5; i++) expect(await call(edge, server.url)).toBe('CALL_FAILED');
    expect(await call(edge, server.url)).toBe('CIRCUIT_OPEN');
  });

  it('is its own', async () => {
    const [{ server: broken }, healthy] = [
      await failing(),
      await serve((_, response) => sendJson(response, {})),
    ];
    const edge = edgeWith({ retries: 0 });
    for (let i = 0; i < 6; i++) await call(edge, broken.url);
    expect(await call(edge, healthy.url)).toBe('done');
  });
});
