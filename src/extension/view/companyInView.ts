import { shownCompany } from '../../core/base/shownCompany.js';
import type { CompanySummary, WarehouseSummary } from '../../core/core.js';
import { demoCompanyGuid } from '../../demo/demoNames.js';

/** Whether a company is the demo's, while the demo is not running. */
export const isStoppedDemo = (companyId: string, inDemo: boolean): boolean => companyId === demoCompanyGuid && !inDemo;

/** After the demo has stopped, its company is shown only if no other one has rows. */
export const lastResort = (inDemo: boolean): { lastResortId?: string } =>
  inDemo ? {} : { lastResortId: demoCompanyGuid };

/** The company that the view and the summary show. */
export const companyInView = (
  { companies, configuredId }: WarehouseSummary,
  inDemo: boolean,
  chosenId?: string,
): CompanySummary | undefined =>
  shownCompany(companies, { chosenId, configuredId, ...lastResort(inDemo) }, ({ years }) => years.length > 0);
