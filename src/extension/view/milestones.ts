import type { Memento } from 'vscode';
import type { JobName, Jobs } from '../jobs/jobMessages.js';

/** The steps up to the first load of an invoice. VS Code ticks a walkthrough step when the key `tally.reached.…` is set. */
export const milestones = ['tally', 'company', 'warehouse', 'load'] as const;
export type Milestone = (typeof milestones)[number];

/** The milestones that a finished job on the user's own company proves. */
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

/** Remembers for all windows of this user what was once reached. Later failures do not undo a milestone. */
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

  /** Never throws: the job has succeeded, and a missing tick must not make it fail. */
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
