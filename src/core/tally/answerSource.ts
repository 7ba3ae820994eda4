/** An answer of Tally, read while it arrives. The caller must close the answer: the next request waits until then. */
export interface TallyAnswer {
  /** The charset of the Content-Type. */
  charset: string | undefined;
  /** The length of the whole answer in bytes, if it is known. */
  totalBytes: number | undefined;
  /**
   * Reads from the network or the file only while the caller pulls. Fails with `answer-cut`, `tally-timeout` or
   * `cancelled`; a file also with `usage`.
   */
  body: AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** The source of answers: Tally itself (TallyClient), or files that were exported on its screen. */
export interface AnswerSource {
  post(xml: string, signal?: AbortSignal): Promise<TallyAnswer>;
  /** For use after a time-out: whether Tally has finished the request. Files do not have this method. */
  isFree?(signal: AbortSignal): Promise<boolean>;
  /** Several sources that are read one after the other as one answer. `post` is then not called. */
  readonly parts?: { sources: readonly AnswerSource[]; totalBytes: number };
  /** Rewrites an error so that its message fits this source. */
  inWords?(error: unknown): unknown;
  /** The company of these vouchers was checked earlier, so the answers are not compared with the company again. */
  readonly companyChecked?: true;
}
