/** The sentence of each remark of a kind, by its code. */
export type WordsOf<Kind extends { code: string }> = {
  [Code in Kind['code']]: (remark: Extract<Kind, { code: Code }>) => string;
};
