// The script of the coverage view's page: shows what the host sends, tells the host what somebody wants done.
import type { FromView } from '../coverageMessages.js';
import { connect } from '../web/host.js';
import { CoveragePage, type Kept } from './coveragePage.js';

connect<FromView, Kept>(
  (kept, host) => new CoveragePage(kept, host),
  ({ companyId }) => ({ type: 'ready', companyId }),
);
