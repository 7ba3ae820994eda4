import type { Remedy } from '../webMessages.js';
import type { Host } from './host.js';
import { Live } from './live.js';
import { Notice, pressable } from './notice.js';

/** A message that every page may send: run a command that the host has offered. */
interface Offered {
  type: 'command';
  command: string;
}

/** A page in the editor: its notice when it has nothing to show, and what it keeps for when it is created again. */
export abstract class Page<FromView, Kept extends object> {
  protected readonly notice = new Notice();
  protected readonly live = new Live();

  constructor(
    protected readonly kept: Kept,
    protected readonly host: Host<FromView | Offered, Kept>,
  ) {}

  /** Replaces the waiting text by the page. The text stays as a notice until the first answer. */
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
