/** A limit of time for everything that is done under it: `signal` fires when it is up. */
export class TimeLimit {
  readonly signal: AbortSignal;
  private readonly endsAt: number;
  private readonly timer: NodeJS.Timeout;

  constructor(limitMs: number) {
    const controller = new AbortController();
    this.signal = controller.signal;
    this.endsAt = performance.now() + limitMs;
    this.timer = setTimeout(() => controller.abort(), limitMs);
  }

  get isUp(): boolean {
    return this.signal.aborted;
  }

  remainingMs(): number {
    return Math.max(0, Math.round(this.endsAt - performance.now()));
  }

  /** From now on nothing is stopped by it any more. */
  lift(): void {
    clearTimeout(this.timer);
  }
}
