import type { CompanySummary, WarehouseSummary } from '../../core/core.js';
import { demoCompanyGuid } from '../../demo/book/book.js';

/** A company that the demo has loaded, while the demo does not run. */
export const isStoppedDemo = (companyId: string, inDemo: boolean): boolean => companyId === demoCompanyGuid && !inDemo;

/** The configured company, else the one that was loaded last; never the demo's once it has stopped. */
export function companyInView(
  { companies, configuredId }: WarehouseSummary,
  inDemo: boolean,
): CompanySummary | undefined {
  const configured = companies.find(({ id }) => id === configuredId);
  return configured ?? companies.find(({ id, years }) => years.length > 0 && !isStoppedDemo(id, inDemo));
}
