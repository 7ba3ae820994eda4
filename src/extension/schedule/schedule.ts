/** Calls `tick`, which never throws, every so many minutes, one call at a time; the first one soon after it was set. */
export class Schedule {
  /** Tests have shorter ones. */
  minuteMs = 60_000;
  private minutes = 0;
  private timer: NodeJS.Timeout | undefined;
  private generation = 0;
  /** When the next call is due, in milliseconds since 1970; undefined while it is off. */
  nextAt: number | undefined;
  private calls: Promise<void> = Promise.resolve();

  constructor(private readonly tick: () => Promise<void>) {}

  /** 0 turns it off. A call that is on goes on. */
  every(minutes: number): void {
    if (minutes === this.minutes) return;
    this.minutes = minutes;
    this.generation += 1;
    clearTimeout(this.timer);
    this.nextAt = undefined;
    // Not at once: a window that opens has better things to do. Nor only after hours: it may be closed by then.
    if (minutes > 0) this.plan(1, this.generation);
  }

  private plan(minutes: number, generation: number): void {
    this.nextAt = Date.now() + minutes * this.minuteMs;
    this.timer = setTimeout(() => {
      // One of an earlier setting may still be on.
      this.calls = this.calls.then(this.tick).then(() => {
        if (generation === this.generation) this.plan(this.minutes, generation);
      });
    }, minutes * this.minuteMs);
    this.timer.unref();
  }
}
