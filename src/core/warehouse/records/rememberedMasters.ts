import { nameKey } from '../../base/names.js';
import type { GroupMaster, LedgerMaster, Masters, VoucherTypeMaster } from '../../invoice/classes/masters.js';
import type { Connection } from '../postgres/connection.js';
import type { MasterDetails } from './knownMasters.js';

/** Defaults for the fields that an older version did not store. */
const noType: Omit<VoucherTypeMaster, 'name' | 'guid'> = { parent: '', reservedName: '' };
const noLedger: Omit<LedgerMaster, 'name' | 'guid'> = { parent: '', taxType: '', gstDutyHead: '' };
const noGroup: Omit<GroupMaster, 'name'> = { parent: '', reservedName: '' };

/**
 * The remembered masters of a company, by source, the most trusted first. The order: the part of a split company that has this
 * name, its other parts, files. Only reads, and also reads tables of older versions.
 */
export async function readRememberedMasters(
  connection: Connection,
  companyId: string,
  companyName: string,
): Promise<Masters[]> {
  interface Row {
    source: string;
    kind: string;
    name: string;
    details: MasterDetails;
  }
  const [tables] = await connection.query<{ tally: boolean; files: boolean }>(
    `SELECT to_regclass('public.etl_masters') IS NOT NULL AS tally, to_regclass('public.etl_file_masters') IS NOT NULL AS files`,
  );
  // Read as JSON, because a table of an older version has no column `details`.
  const ofTally = tables?.tally
    ? await connection.query<Row>(
        `SELECT company_name AS source, kind, name, details FROM (
           SELECT company_name, kind, name, to_jsonb(m) -> 'details' AS details FROM public.etl_masters m WHERE company_id = $1) m
         WHERE jsonb_typeof(details) = 'object' ORDER BY company_name`,
        [companyId],
      )
    : [];
  const ofFiles = tables?.files
    ? await connection.query<Row>(
        "SELECT '' AS source, kind, name, details FROM public.etl_file_masters WHERE company_id = $1",
        [companyId],
      )
    : [];
  const isOwn = ({ source }: Row): boolean => nameKey(source) === nameKey(companyName);
  const sources = new Map<string, Masters>();
  for (const row of [...ofTally.filter(isOwn), ...ofTally.filter((one) => !isOwn(one)), ...ofFiles]) {
    const { source, kind, name, details } = row;
    const masters = sources.get(source) ?? { voucherTypes: [], ledgers: [], groups: [] };
    sources.set(source, masters);
    if (kind === 'voucher-type') masters.voucherTypes.push({ name, ...noType, ...details });
    else if (kind === 'ledger') masters.ledgers.push({ name, ...noLedger, ...details });
    else if (kind === 'group') masters.groups.push({ name, ...noGroup, ...details });
  }
  return [...sources.values()];
}

/**
 * Remembers the masters of files, except masters that Tally itself has given, and names whose masters in the files
 * differ. The proof of loaded days stays.
 */
export async function rememberFileMasters(connection: Connection, companyId: string, masters: Masters): Promise<void> {
  const rows = [
    ...detailed('voucher-type', masters.voucherTypes),
    ...detailed('ledger', masters.ledgers),
    ...detailed('group', masters.groups),
  ].filter(({ details }) => details !== undefined);
  await connection.execute(
    `INSERT INTO public.etl_file_masters AS f (company_id, kind, name, details)
     SELECT $1, m.kind, m.name, m.details::jsonb FROM unnest($2::text[], $3::text[], $4::text[]) AS m (kind, name, details)
     WHERE NOT EXISTS (SELECT FROM public.etl_masters k
       WHERE k.company_id = $1 AND k.kind = m.kind AND k.name = m.name AND k.details IS NOT NULL)
     ON CONFLICT (company_id, kind, name) DO UPDATE SET details = excluded.details
       WHERE f.details <> excluded.details`,
    [
      companyId,
      rows.map(({ kind }) => kind),
      rows.map(({ name }) => name),
      rows.map(({ details }) => JSON.stringify(details)),
    ],
  );
}

/**
 * Each name with the fields of its master, except name and GUID. If two masters of one name differ, `details` is
 * absent.
 */
export function detailed<Kind extends string>(
  kind: Kind,
  masters: readonly { name: string; guid?: string }[],
): { kind: Kind; name: string; details?: MasterDetails }[] {
  const byName = new Map<string, MasterDetails | undefined>();
  for (const master of masters) {
    const { name } = master;
    const fields = Object.entries<string>(master).filter(([field]) => field !== 'name' && field !== 'guid');
    const details: MasterDetails = Object.fromEntries<string>(fields);
    const same = !byName.has(name) || JSON.stringify(byName.get(name)) === JSON.stringify(details);
    byName.set(name, same ? details : undefined);
  }
  return [...byName].map(([name, details]) => ({ kind, name, ...(details !== undefined && { details }) }));
}
