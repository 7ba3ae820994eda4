/** An answer of Tally as it comes in. Whoever asked must close it; until then the next request waits. */
export interface TallyAnswer {
  /** Of the Content-Type. */
  charset: string | undefined;
  /** The length of the whole answer, where it is known. */
  totalBytes: number | undefined;
  /** Reading stops while nobody pulls. Fails with `answer-cut`, `tally-timeout` or `cancelled`. */
  body: AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** Where answers come from: Tally itself (TallyClient), or a file that was exported on its screen. */
export interface AnswerSource {
  post(xml: string, signal?: AbortSignal): Promise<TallyAnswer>;
}
