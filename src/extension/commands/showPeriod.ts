import type { CompanyNode, PeriodNode } from '../view/treeNodes.js';
import type { Command } from './command.js';

/** Shows what the warehouse has of a company, year or month of the view: where that is shown is said here alone. */
export const showPeriod: Command<CompanyNode | PeriodNode, CompanyNode | PeriodNode> = {
  ask: (_, node) => node,
  run({ coverage }, node) {
    coverage.show(node.kind === 'company' ? node.summary.id : node.companyId);
  },
};
