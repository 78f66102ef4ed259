import { resolve } from 'node:path';
import { createMask } from '../calls/mask-secrets.ts';
import { postWebhook, tellProgram } from '../calls/notify.ts';
import { parseDurationMs } from '../core/config/duration.ts';
import type { Config } from '../core/config/schema.ts';
import { type NotifyEvent, wantsEvent } from '../core/notify/event.ts';
import type { Notice } from '../core/notify/notice.ts';
import { appendLine } from '../store/append-line.ts';
import { openNetworkEdge } from './network.ts';
import { programEnvironment } from './program-environment.ts';
import { readSecret } from './read-token.ts';
import type { Workspace } from './workspace.ts';

type Sink = Config['notify'][string];

/**
 * Tells the sinks of the configuration what happened, all at once, each within its time. It is called when everything is
 * done and written, and never throws: a sink that fails is a notice that was not delivered.
 */
export const notify = async (workspace: Workspace, events: readonly NotifyEvent[]): Promise<Notice[]> => {
  const sinks = Object.entries(workspace.config.notify);
  const told = await Promise.all(
    sinks.map(async ([name, sink]) => {
      const notices: Notice[] = [];
      for (const event of events.filter((each) => wantsEvent(sink.events, each))) {
        const detail = await tellSink(workspace, sink, event);
        notices.push({ sink: name, event: event.event, id: event.id, delivered: detail === null, detail });
      }
      return notices;
    }),
  );
  return told.flat();
};

/** All attempts together may take so many times as long as one. */
const attempts = 3;

/** What went wrong, without anything secret; null when nothing did. */
const tellSink = async (workspace: Workspace, sink: Sink, event: NotifyEvent): Promise<string | null> => {
  const timeoutMs = parseDurationMs(sink.timeout);
  const signal = AbortSignal.timeout(timeoutMs * (sink.type === 'webhook' ? attempts : 1));
  try {
    if (sink.type === 'file') return await tellFile(workspace, sink, event);
    return sink.type === 'command'
      ? await tellCommand(workspace, sink, { event, signal })
      : await tellWebhook(workspace, sink, { event, signal, timeoutMs });
  } catch (error) {
    if (signal.aborted) return `no answer within ${timeoutMs} ms`;
    return error instanceof Error ? error.message : String(error);
  }
};

const tellFile = async ({ root }: Workspace, { file }: Sink, event: NotifyEvent): Promise<null> => {
  await appendLine(resolve(root, file ?? ''), JSON.stringify(event));
  return null;
};

interface Telling {
  readonly event: NotifyEvent;
  readonly signal: AbortSignal;
}

const tellCommand = async (
  workspace: Workspace,
  { command, env }: Sink,
  { event, signal }: Telling,
): Promise<string | null> => {
  const mask = createMask(env.flatMap((name) => workspace.env[name] ?? []));
  const problem = await tellProgram({
    argv: command ?? [],
    cwd: workspace.root,
    env: programEnvironment(workspace, env),
    stdin: `${JSON.stringify(event)}\n`,
    signal,
  });
  return problem && mask(problem);
};

const tellWebhook = async (
  workspace: Workspace,
  { url, urlEnv, keyEnv, keyFile }: Sink,
  { event, signal, timeoutMs }: Telling & { readonly timeoutMs: number },
): Promise<string | null> => {
  const key = await readSecret(workspace, { variable: keyEnv, file: keyFile });
  if ('problem' in key) return key.problem;
  const place =
    urlEnv === null ? { secret: url } : await readSecret(workspace, { variable: urlEnv, file: null });
  if ('problem' in place) return place.problem;
  const target = place.secret ?? '';
  if (!/^https?:\/\//.test(target) || !URL.canParse(target)) return `${urlEnv} holds no address`;
  const { pathname, search } = new URL(target);
  const hidden = urlEnv === null ? [] : [target, `${pathname}${search}`, pathname];
  const mask = createMask([...hidden, ...(key.secret === null ? [] : [key.secret])]);
  const message = { url: target, key: key.secret, id: event.id, body: JSON.stringify(event), mask };
  try {
    await postWebhook(openNetworkEdge(workspace, timeoutMs), { ...message, now: workspace.now(), signal });
    return null;
  } catch (error) {
    if (signal.aborted || !(error instanceof Error)) throw error;
    return mask(error.message);
  }
};
