// The script of the invoices page: shows the host's data, and sends the user's queries and actions to the host.
import type { FromView } from '../invoicesMessages.js';
import { connect } from '../web/host.js';
import { InvoicesPage, type Kept } from './invoicesPage.js';

connect<FromView, Kept>(
  (kept, host) => new InvoicesPage(kept, host),
  ({ query }) => ({ type: 'ready', query }),
);
