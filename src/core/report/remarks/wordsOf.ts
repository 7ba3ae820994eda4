/** For each code of a kind of remark, the function that makes the text of the remark. */
export type WordsOf<Kind extends { code: string }> = {
  [Code in Kind['code']]: (remark: Extract<Kind, { code: Code }>) => string;
};
