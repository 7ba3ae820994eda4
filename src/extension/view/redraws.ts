/**
 * Makes VS Code request the rows of a tree again, but not while an earlier request is open. Otherwise VS Code looks for rows that
 * it has just replaced, and logs that it did not find them.
 */
export class Redraws {
  private openRequests = 0;
  private wanted = false;

  constructor(private readonly fire: () => void) {}

  /** Redraws now, or after the open requests. */
  redraw(): void {
    if (this.openRequests > 0) this.wanted = true;
    else this.fire();
  }

  /** Answers a request of VS Code for rows. */
  async during<T>(answer: () => Promise<T>): Promise<T> {
    this.openRequests++;
    try {
      return await answer();
    } finally {
      this.openRequests--;
      if (this.openRequests === 0 && this.wanted) {
        this.wanted = false;
        setTimeout(this.fire); // only after VS Code has taken this answer
      }
    }
  }
}
