import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server on this machine was asked. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface LoopbackServer {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  close(): Promise<void>;
}

type Answer = (
  request: ReceivedRequest,
  response: Parameters<RequestListener>[1],
  /** From 0. */
  number: number,
) => void;

/** A real HTTP server on loopback that answers as told and remembers what it was asked. */
export const startServer = async (answer: Answer): Promise<LoopbackServer> => {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
    answer(received, response, requests.push(received) - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Answers with JSON. */
export const sendJson = (response: Parameters<RequestListener>[1], body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

/** What a server of chat completions answers. */
export const completion = (content: string): object => ({
  model: 'served-model',
  choices: [{ message: { role: 'assistant', content } }],
  usage: { prompt_tokens: 12, completion_tokens: 3 },
});
