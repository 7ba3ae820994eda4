// The script of the summary page: shows the host's data, and sends the user's choices and actions to the host.
import type { FromView } from '../summaryMessages.js';
import { connect } from '../web/host.js';
import { type Kept, SummaryPage } from './summaryPage.js';

connect<FromView, Kept>(
  (kept, host) => new SummaryPage(kept, host),
  ({ companyId, year }) => ({ type: 'ready', companyId, year }),
);
