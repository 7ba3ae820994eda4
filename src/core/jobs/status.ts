import { t } from '@vscode/l10n';
import { isCalendarDate, type CalendarDate } from '../base/calendar.js';
import { embeddedPlace } from '../base/dataPlace.js';
import { EtlError } from '../base/errors.js';
import { readShape } from '../warehouse/postgres/shape.js';
import { listCheckpoints, resetCheckpoint as writeCheckpoint } from '../warehouse/records/checkpoints.js';
import { countRejects } from '../warehouse/records/rejects.js';
import { latestLogs, listLogs } from '../warehouse/records/runLogs.js';
import type { JobContext, Status } from './job.js';
import { hasWarehouse, withWarehouse } from './warehouseSession.js';

/**
 * The checkpoints, and the latest runs; with `before`, only runs before the run with this id. With `ofEach` also the latest run
 * of each company. Writes nothing.
 */
export function status(
  { limit = 20, before, ofEach = false }: { limit?: number; before?: number; ofEach?: boolean },
  context: JobContext,
): Promise<Status> {
  const { config } = context;
  const place = (): Pick<Status, 'dataDir'> => (config.dbUrl === undefined ? { dataDir: embeddedPlace(config) } : {});
  if (!hasWarehouse(config)) return Promise.resolve({ ...nothing, ...place() });
  return withWarehouse(context, async (warehouse) => {
    if ((await warehouse.refuseNewer()) === 'empty') return { ...nothing, ...place() };
    const found = await warehouse.use(async (session) => ({
      runs: await listLogs(session, limit, before),
      ...(ofEach && { latestOfEach: await latestLogs(session) }),
      checkpoints: await listCheckpoints(session),
      rejects: await countRejects(session),
      shape: await readShape(session),
    }));
    return { ...found, ...place() };
  });
}

const nothing = { checkpoints: [], runs: [], rejects: [] };

export interface ResetCheckpointRequest {
  companyId: string;
  stream: string;
  lastDate: CalendarDate;
}

/**
 * Moves a checkpoint to an earlier or later date. The next sync begins there, minus the overlap. Throws `usage` if the text is
 * not a date, or if the stream of the company has no checkpoint.
 */
export async function resetCheckpoint(request: ResetCheckpointRequest, context: JobContext): Promise<void> {
  const { companyId, stream, lastDate } = request;
  if (!isCalendarDate(lastDate))
    throw new EtlError(
      'usage',
      t('Not a calendar date: {text}.', { text: JSON.stringify(lastDate) }),
      t('Write dates as YYYY-MM-DD.'),
    );
  const found = await withWarehouse(context, async (warehouse) => {
    await warehouse.refuseNewer();
    return warehouse.use((session) => writeCheckpoint(session, companyId, stream, lastDate));
  });
  if (!found)
    throw new EtlError(
      'usage',
      t('There is no checkpoint of {stream} for this company.', { stream }),
      t('Run a sync first; it makes one.'),
    );
}
