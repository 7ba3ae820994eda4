/** For each code of the remarks `Kind`, the function that makes the remark's text. */
export type WordsOf<Kind extends { code: string }> = {
  [Code in Kind['code']]: (remark: Extract<Kind, { code: Code }>) => string;
};
