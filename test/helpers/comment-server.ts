import { type LoopbackServer, sendJson, startServer } from './loopback-server.ts';

interface Comment {
  readonly id: number;
  readonly author: { readonly id: number };
  readonly user: { readonly type: string };
  body: string;
}

export interface CommentServer extends LoopbackServer {
  readonly comments: readonly Comment[];
}

const own = 7;

/**
 * The part of GitHub's and GitLab's API that keeps comments on a change: pages of 100, the first of them full of other
 * people's. A `refusal` is answered to whoever writes.
 */
export const startCommentServer = async (refusal?: number): Promise<CommentServer> => {
  const comments: Comment[] = Array.from({ length: 100 }, (_, id) => ({
    id,
    author: { id: 1 },
    user: { type: 'User' },
    body: '<!-- promptv diff --> is how it begins, says a person',
  }));
  const server = await startServer(({ method, path, body }, response) => {
    const { pathname, searchParams } = new URL(path, 'http://localhost');
    if (pathname.endsWith('/user')) return sendJson(response, { id: own });
    if (method === 'GET') {
      const start = (Number(searchParams.get('page')) - 1) * 100;
      return sendJson(response, comments.slice(start, start + 100));
    }
    if (refusal) return sendJson(response, { message: 'Forbidden' }, refusal);
    const text = String(JSON.parse(body).body);
    const known = comments.find(({ id }) => pathname.endsWith(`/${id}`) && method !== 'POST');
    if (known) known.body = text;
    else comments.push({ id: comments.length, author: { id: own }, user: { type: 'Bot' }, body: text });
    return sendJson(response, {});
  });
  return { ...server, comments };
};
