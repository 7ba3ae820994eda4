// The script of the summary's page: shows what the host sends, tells the host what somebody wants to see.
import type { FromView } from '../summaryMessages.js';
import { connect } from '../web/host.js';
import { type Kept, SummaryPage } from './summaryPage.js';

connect<FromView, Kept>(
  (kept, host) => new SummaryPage(kept, host),
  ({ companyId, year }) => ({ type: 'ready', companyId, year }),
);
