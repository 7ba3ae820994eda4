import type { Remedy } from '../webMessages.js';
import type { Host } from './host.js';
import { Live } from './live.js';
import { Notice, pressable } from './notice.js';

/** What a page may always ask the host for: a command that the host has offered. */
interface Offered {
  type: 'command';
  command: string;
}

/** A page in the editor: what it keeps for when it is made anew, and what it says where it has nothing to show. */
export abstract class Page<FromView, Kept extends object> {
  protected readonly notice = new Notice();
  protected readonly live = new Live();

  constructor(
    protected readonly kept: Kept,
    protected readonly host: Host<FromView | Offered, Kept>,
  ) {}

  /** Shows the page in place of what stood there while it was made; what that said stays until the first answer. */
  protected appear(...content: HTMLElement[]): void {
    const waiting = document.getElementById('waiting');
    if (waiting) this.notice.show(waiting.textContent, '', []);
    waiting?.replaceWith(...content, this.live.element);
  }

  protected notify(sentence: string, detail: string, remedies: { title: string; press: () => void }[]): void {
    this.notice.show(sentence, detail, remedies);
    this.live.say(sentence);
  }

  protected offer(sentence: string, detail: string, remedies: Remedy[]): void {
    this.notify(sentence, detail, pressable(remedies, this.host.send));
  }

  protected keep(change: Partial<Kept>): void {
    Object.assign(this.kept, change);
    this.host.keep(this.kept);
  }
}
