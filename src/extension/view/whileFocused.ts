/** Calls `redraw` when the window gets the focus, then every minute while it has it: "5 min ago" grows old. */
export class WhileFocused {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly redraw: () => void,
    /** Tests use shorter minutes. */
    private readonly minuteMs = 60_000,
  ) {}

  focus(isFocused: boolean): void {
    if (isFocused === (this.timer !== undefined)) return;
    clearInterval(this.timer);
    this.timer = isFocused ? setInterval(this.redraw, this.minuteMs).unref() : undefined;
    if (isFocused) this.redraw();
  }
}
