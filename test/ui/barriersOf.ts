import axe from 'axe-core';
import type { Locator } from 'playwright-core';

/** The barriers for people who cannot see well or use a mouse, by axe-core's rules, in the element's page. */
export async function barriersOf(main: Locator): Promise<string[]> {
  const frame = await (await main.elementHandle()).ownerFrame();
  await frame!.evaluate(axe.source);
  const { violations } = await frame!.evaluate<Pick<axe.AxeResults, 'violations'>>(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map(({ html }) => html)
        .slice(0, 3)
        .join(' ')}`,
  );
}
