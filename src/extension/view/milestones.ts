import type { Memento } from 'vscode';
import type { JobName, Jobs } from '../jobs/jobMessages.js';

/** What a user reaches on the way to the first loaded year. A step of the walkthrough is done by `onContext:tally.reached.…`. */
export const milestones = ['tally', 'company', 'warehouse', 'load'] as const;
export type Milestone = (typeof milestones)[number];

/** What a job over the user's own books shows to be so. */
export function reachedBy<N extends JobName>(
  job: N,
  request: Jobs[N]['request'],
  answer: Jobs[N]['answer'],
): Milestone[] {
  switch (job) {
    case 'companies':
      return ['tally'];
    case 'check':
      return (answer as Jobs['check']['answer']).flatMap(({ part, ok }) =>
        ok && (part === 'tally' || part === 'company' || part === 'warehouse') ? [part] : [],
      );
    case 'sync':
    case 'backfill':
    case 'clearAndReload': {
      const asked = request as Jobs['sync' | 'backfill' | 'clearAndReload']['request'];
      const { dryRun, invoices } = (answer as Jobs['backfill']['answer']).result;
      const reached: Milestone[] = asked !== undefined && 'files' in asked ? [] : ['tally', 'company'];
      if (!dryRun) reached.push('warehouse');
      if (!dryRun && invoices > 0) reached.push('load');
      return reached;
    }
    case 'verify':
      return ['tally', 'company', 'warehouse'];
    default:
      return [];
  }
}

/** Remembers for all windows of this user what was once reached: a Tally that is closed today does not undo it. */
export class Milestones {
  private readonly reached: Set<Milestone>;

  constructor(
    private readonly state: Memento,
    private readonly show: (milestone: Milestone) => void,
  ) {
    const kept = state.get<Milestone[]>('milestones', []);
    this.reached = new Set(milestones.filter((one) => kept.includes(one)));
    for (const one of this.reached) this.show(one);
  }

  /** Never throws: a tick in the walkthrough is not worth the failure of what was done. */
  reach(those: Milestone[]): void {
    const fresh = those.filter((one) => !this.reached.has(one));
    if (fresh.length === 0) return;
    for (const one of fresh) {
      this.reached.add(one);
      this.show(one);
    }
    void this.state.update('milestones', [...this.reached]).then(undefined, () => undefined);
  }
}
