import type { CompanyNode, PeriodNode } from '../view/treeNodes.js';
import type { Command } from './command.js';

/** Shows what the warehouse has of a row of the view: a company or a year in the summary, a month as its invoices. */
export const showPeriod: Command<CompanyNode | PeriodNode, CompanyNode | PeriodNode> = {
  ask: (_, node) => node,
  run({ invoices, summary }, node) {
    if (node.kind === 'company') summary.show({ companyId: node.summary.id });
    else if (node.kind === 'year') summary.show({ companyId: node.companyId, year: node.name });
    else invoices.show(node);
  },
};
