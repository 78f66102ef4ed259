import { matchesBranchGlob } from '../version/branch-glob.ts';

/** Everything that a sink may be told of. */
export const notifyEvents = [
  'rollout.create',
  'rollout.start',
  'rollout.advance',
  'rollout.pause',
  'rollout.resume',
  'rollout.promote',
  'rollout.set-weight',
  'rollout.abort',
  'rollout.retry',
  'rollout.succeed',
  'promotion',
  'rollback',
  'health',
  'alert',
  'approval.requested',
  'approval.overdue',
] as const;

export type NotifyEventName = (typeof notifyEvents)[number];

/** What a sink is told: one thing that happened to one prompt in one environment. */
export interface NotifyEvent {
  readonly schemaVersion: 1;
  /** The same for a repetition, so that a receiver can leave it out. */
  readonly id: string;
  readonly event: NotifyEventName;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly prompt: string | null;
  readonly environment: string | null;
  readonly version: string | null;
  readonly previousVersion: string | null;
  readonly by: string | null;
  /** For a reader, on one line. */
  readonly text: string;
  /** What there is beside that, by event. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Whether a sink with these globs wants an event. */
export const wantsEvent = (globs: readonly string[], { event }: NotifyEvent): boolean =>
  globs.length === 0 || globs.some((glob) => matchesBranchGlob(glob, event));
