/**
 * Asks for rows again, but not while the answer to an earlier request is on its way: VS Code then looks for rows that it has
 * just replaced, and logs that it did not find them.
 */
export class Redraws {
  private asked = 0;
  private wanted = false;

  constructor(private readonly fire: () => void) {}

  ask(): void {
    if (this.asked > 0) this.wanted = true;
    else this.fire();
  }

  /** Answers a request for rows. */
  async during<T>(answer: () => Promise<T>): Promise<T> {
    this.asked++;
    try {
      return await answer();
    } finally {
      this.asked--;
      if (this.asked === 0 && this.wanted) {
        this.wanted = false;
        setTimeout(this.fire); // VS Code takes this answer first
      }
    }
  }
}
