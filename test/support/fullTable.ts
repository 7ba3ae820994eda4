/**
 * True with FULL_TABLE=1 (`npm run test:all`, and each night): every case runs. Otherwise one case stands for several.
 */
export const fullTable = Boolean(process.env.FULL_TABLE);

/** A test that runs only with FULL_TABLE, because it takes long and other tests run most of the same code. */
export function nightly(title: string, test: () => Promise<void>): void {
  if (fullTable) it(title, test);
}
