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

/** Where answers come from: Tally itself (TallyClient), or files that were exported on its screen. */
export interface AnswerSource {
  post(xml: string, signal?: AbortSignal): Promise<TallyAnswer>;
  /** After a time-out: whether Tally is done with the request. Files have none. */
  isFree?(signal: AbortSignal): Promise<boolean>;
  /** Several sources that are read one after the other, as one answer; `post` is not called then. */
  readonly parts?: { sources: readonly AnswerSource[]; totalBytes: number };
  /** The same failure in words that fit the source. */
  inWords?(error: unknown): unknown;
  /** Whose vouchers it holds was looked at before: its answers are not compared with the company again. */
  readonly companyChecked?: true;
}
