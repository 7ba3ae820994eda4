/** Calls `tick`, which never throws, at intervals of some minutes, and never twice at the same time. */
export class Schedule {
  /** Tests use shorter minutes. */
  minuteMs = 60_000;
  private minutes = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Counts the changes of the interval. A call that was planned for an earlier interval plans no next call. */
  private generation = 0;
  /** When the next call is due, in milliseconds since 1970; undefined while the schedule is off. */
  nextAt: number | undefined;
  private calls: Promise<void> = Promise.resolve();

  constructor(private readonly tick: () => Promise<void>) {}

  /** Sets the interval; 0 turns the schedule off. A running call goes on. */
  every(minutes: number): void {
    if (minutes === this.minutes) return;
    this.minutes = minutes;
    this.generation += 1;
    clearTimeout(this.timer);
    this.nextAt = undefined;
    // The first call is after one minute. A window that opens is busy, and may be closed before a long interval ends.
    if (minutes > 0) this.plan(1, this.generation);
  }

  private plan(minutes: number, generation: number): void {
    this.nextAt = Date.now() + minutes * this.minuteMs;
    this.timer = setTimeout(() => {
      // A call of an earlier interval may still be running, so this call waits for its end.
      this.calls = this.calls.then(this.tick).then(() => {
        if (generation === this.generation) this.plan(this.minutes, generation);
      });
    }, minutes * this.minuteMs);
    this.timer.unref();
  }
}
