// The script of the invoices' page: shows what the host sends, tells the host what somebody wants to see.
import type { FromView } from '../invoicesMessages.js';
import { connect } from '../web/host.js';
import { InvoicesPage, type Kept } from './invoicesPage.js';

connect<FromView, Kept>(
  (kept, host) => new InvoicesPage(kept, host),
  ({ query }) => ({ type: 'ready', query }),
);
