import { shownCompany } from '../../core/base/shownCompany.js';
import type { CompanySummary, WarehouseSummary } from '../../core/core.js';
import { demoCompanyGuid } from '../../demo/book/book.js';

/** A company that the demo has loaded, while the demo does not run. */
export const isStoppedDemo = (companyId: string, inDemo: boolean): boolean => companyId === demoCompanyGuid && !inDemo;

/** Invented invoices are shown last, once the demo has stopped. */
export const lastResort = (inDemo: boolean): { lastResortId?: string } =>
  inDemo ? {} : { lastResortId: demoCompanyGuid };

/** The company that the view and the summary show, where `chosenId` names none. */
export const companyInView = (
  { companies, configuredId }: WarehouseSummary,
  inDemo: boolean,
  chosenId?: string,
): CompanySummary | undefined =>
  shownCompany(companies, { chosenId, configuredId, ...lastResort(inDemo) }, ({ years }) => years.length > 0);
