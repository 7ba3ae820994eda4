// The script of the coverage page: shows the host's data, and sends the user's actions to the host.
import type { FromView } from '../coverageMessages.js';
import { connect } from '../web/host.js';
import { CoveragePage, type Kept } from './coveragePage.js';

connect<FromView, Kept>(
  (kept, host) => new CoveragePage(kept, host),
  ({ companyId }) => ({ type: 'ready', companyId }),
);
