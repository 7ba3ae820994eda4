import { once } from 'node:events';
import type http from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Answer } from './answer.js';
import type { Fault } from './behaviour.js';
import { lossy, nodeEncoding, type AnswerEncoding } from './encoding.js';
import { answerChunks, answerLength } from './reportXml.js';

const defaultFaultBytes = 100_000;

/** Brings one answer to the client: head, length, chunks at the client's pace; or the fault that was ordered. */
export class Delivery {
  private readonly gone = new AbortController();

  constructor(
    private readonly response: http.ServerResponse,
    private readonly encoding: AnswerEncoding,
    private readonly stop: AbortSignal,
    private readonly keepsWorking: boolean,
  ) {
    response.once('close', () => {
      this.gone.abort();
    });
    if (response.destroyed) this.gone.abort();
  }

  async send(answer: Answer, fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'html':
        this.response.writeHead(200, { 'Content-Type': 'text/html' });
        this.response.end(
          '<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n',
        );
        return;
      case 'empty-body':
        await this.sendText('');
        return;
      case 'empty-envelope':
        await this.sendText('<ENVELOPE></ENVELOPE>\r\n');
        return;
      case 'silent':
        await this.clientGone();
        return;
      default:
        if ('xml' in answer) await this.sendBuffers([this.encode(answer.xml)], this.encode(answer.xml).length, fault);
        else await this.sendBuffers(answerChunks(answer, this.encoding), await this.lengthOf(answer), fault);
    }
  }

  private encode(text: string): Buffer {
    return Buffer.from(lossy(text, this.encoding), nodeEncoding[this.encoding]);
  }

  private async sendText(text: string): Promise<void> {
    const bytes = this.encode(text);
    await this.sendBuffers([bytes], bytes.length, { kind: 'none' });
  }

  private async lengthOf(answer: Exclude<Answer, { xml: string }>): Promise<number> {
    const counting = answerLength(answer, this.encoding);
    for (;;) {
      const step = counting.next();
      if (step.done) return step.value;
      if (this.stop.aborted) return 0;
      await nextTurn();
    }
  }

  private async sendBuffers(chunks: Iterable<Buffer>, length: number, fault: Fault): Promise<void> {
    const { response } = this;
    const breaks = fault.kind === 'cut' || fault.kind === 'cut-end' || fault.kind === 'short' || fault.kind === 'stall';
    // At least one byte is always missing.
    const limit = breaks ? Math.max(0, Math.min(fault.afterBytes ?? defaultFaultBytes, length - 1)) : length;
    response.sendDate = false;
    response.writeHead(200, {
      'CONTENT-TYPE': `text/xml; charset=${this.encoding}`,
      'CONTENT-LENGTH': String(fault.kind === 'short' ? limit : length),
      Unicode: 'Yes',
      RESPSTATUS: '1',
    });
    let sent = 0;
    for (const chunk of chunks) {
      if (this.stop.aborted || sent >= limit || (this.gone.signal.aborted && !this.keepsWorking)) break;
      await this.write(chunk.subarray(0, limit - sent));
      sent += chunk.length;
    }
    await this.finish(fault);
  }

  /** Waits for a slow client, and lets the rest of the process run between two chunks. */
  private async write(chunk: Buffer): Promise<void> {
    if (!this.gone.signal.aborted && !this.response.write(chunk)) await this.settled('drain');
    await nextTurn();
  }

  private async finish(fault: Fault): Promise<void> {
    const { response } = this;
    if (this.gone.signal.aborted) return;
    switch (fault.kind) {
      case 'cut':
        // What was written before goes out first: the client sees a broken answer, not a missing one.
        await nextTurn();
        response.socket?.resetAndDestroy();
        return;
      case 'cut-end':
        response.socket?.end();
        return;
      case 'stall':
        response.flushHeaders();
        await this.clientGone();
        return;
      default:
        response.end();
        await this.settled('finish');
    }
  }

  private async clientGone(): Promise<void> {
    await this.settled('close');
  }

  /** The event, or the end of the connection or of the server. */
  private async settled(event: 'drain' | 'finish' | 'close'): Promise<void> {
    if (event === 'finish' && this.response.writableFinished) return;
    const signal = AbortSignal.any([this.gone.signal, this.stop]);
    if (signal.aborted) return;
    await once(this.response, event, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
