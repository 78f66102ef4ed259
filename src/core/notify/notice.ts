import type { NotifyEventName } from './event.ts';

/** What became of one event at one sink. */
export interface Notice {
  readonly sink: string;
  readonly event: NotifyEventName;
  readonly id: string;
  readonly delivered: boolean;
  /** Why not; null when it was. */
  readonly detail: string | null;
}

/** A warning for each notice that was not delivered. */
export const warnUndelivered = (
  notices: readonly Notice[],
): { readonly code: 'NOTIFY_FAILED'; readonly message: string }[] =>
  notices.flatMap(({ sink, event, delivered, detail }) =>
    delivered
      ? []
      : [{ code: 'NOTIFY_FAILED', message: `notify.${sink} was not told of "${event}": ${detail}` }],
  );
