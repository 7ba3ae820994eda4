import { once } from 'node:events';
import type http from 'node:http';
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import type { Answer } from './answer.js';
import type { Fault } from '../behaviours/behaviour.js';
import { encoded } from './encoding.js';
import { answerHead, type Manner } from './xml/head.js';
import { answerChunks, answerLength, type VoucherAnswer } from './xml/reportXml.js';

const defaultFaultBytes = 100_000;

/** Sends one answer to the client, in chunks at the client's pace, or carries out the ordered fault. */
export class Delivery {
  private readonly gone = new AbortController();

  constructor(
    private readonly response: http.ServerResponse,
    private readonly manner: Manner,
    private readonly stop: AbortSignal,
    /** Called with the length of the answer before its first byte is sent. */
    private readonly onLength?: (bytes: number) => void,
  ) {
    response.once('close', () => {
      this.gone.abort();
    });
    if (response.destroyed) this.gone.abort();
  }

  /** `busyMs`: how long Tally works before it sends the first byte. */
  async send(answer: Answer, fault: Fault, busyMs = 0): Promise<void> {
    const { encoding, rewriting } = this.manner;
    switch (fault.kind) {
      case 'html':
        this.response.writeHead(200, { 'Content-Type': 'text/html' });
        this.response.end(
          '<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>\n',
        );
        return;
      case 'http-500':
        this.response.writeHead(500, { 'Content-Type': 'text/plain' }).end('Internal Server Error\n');
        return;
      case 'silent':
        await this.settled('close');
        await this.pause(fault.waitMs);
        return;
      default:
        if (busyMs > 0) await this.pause(busyMs);
        if (fault.kind === 'slow') await this.pause(fault.waitMs);
        if (answer === 'freeze') await this.stopped();
        else if ('xml' in answer) {
          const bytes = answer.xml === '' ? Buffer.alloc(0) : encoded(rewriting.rewrite(answer.xml), encoding);
          await this.sendBuffers([bytes], bytes.length, fault);
        } else await this.sendBuffers(answerChunks(answer, encoding, rewriting), await this.lengthOf(answer), fault);
    }
  }

  private async lengthOf(answer: VoucherAnswer): Promise<number> {
    const counting = answerLength(answer, this.manner.encoding, this.manner.rewriting);
    for (;;) {
      const step = counting.next();
      if (step.done) return step.value;
      if (this.stop.aborted) return 0;
      await nextTurn();
    }
  }

  private async sendBuffers(chunks: Iterable<Buffer>, length: number, fault: Fault): Promise<void> {
    const { response, manner } = this;
    const breaks = fault.kind === 'cut' || fault.kind === 'cut-end' || fault.kind === 'short' || fault.kind === 'stall';
    // A fault that breaks the answer off holds back at least one byte.
    const limit = breaks ? Math.max(0, Math.min(fault.afterBytes ?? defaultFaultBytes, length - 1)) : length;
    this.onLength?.(length);
    response.sendDate = false;
    // Without CONTENT-LENGTH Node sends chunks. `lengthHeader: none` switches chunks off too, so that only the end of
    // the connection ends the answer.
    if (manner.lengthHeader === 'none') response.useChunkedEncodingByDefault = false;
    response.writeHead(200, answerHead(manner, fault.kind === 'short' ? limit : length));
    let sent = 0;
    for (const chunk of chunks) {
      if (this.stop.aborted || sent >= limit || (this.gone.signal.aborted && !manner.keepsWorking)) break;
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
        // The bytes written so far go out first, so that the client sees a broken answer, not a missing one.
        await nextTurn();
        response.socket?.resetAndDestroy();
        return;
      case 'cut-end':
        response.socket?.end();
        return;
      case 'stall':
        response.flushHeaders();
        await this.settled('close');
        return;
      default:
        response.end();
        await this.settled('finish');
    }
  }

  private async stopped(): Promise<void> {
    if (!this.stop.aborted) await once(this.stop, 'abort');
  }

  private async pause(ms = 0): Promise<void> {
    await setTimeout(ms, undefined, { signal: this.stop }).catch((error: unknown) => {
      if (!this.stop.aborted) throw error;
    });
  }

  /** Waits for the event, or for the end of the connection or of the server. */
  private async settled(event: 'drain' | 'finish' | 'close'): Promise<void> {
    if (event === 'finish' && this.response.writableFinished) return;
    const signal = AbortSignal.any([this.gone.signal, this.stop]);
    if (signal.aborted) return;
    await once(this.response, event, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
