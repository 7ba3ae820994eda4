/** FULL_TABLE=1 (`npm run test:all`, and each night) runs every case. Otherwise one case stands for several similar ones. */
export const fullTable = Boolean(process.env.FULL_TABLE);

/** A test of the nightly run: it takes long, and other tests take most of its way through the code. */
export function nightly(title: string, test: () => Promise<void>): void {
  if (fullTable) it(title, test);
}
