/** One row of Tally's voucher-type list. RESERVEDNAME survives renaming and is '' for user-made types. */
export interface VoucherTypeMaster {
  name: string;
  /** Stays the same when the master is renamed; absent if the list does not give it. */
  guid?: string;
  parent: string;
  reservedName: string;
}

/** One row of Tally's ledger list. `taxType` is e.g. `GST`, `TDS`, `Others`; `gstDutyHead` e.g. `CGST`, `State Tax`. */
export interface LedgerMaster {
  name: string;
  guid?: string;
  parent: string;
  taxType: string;
  gstDutyHead: string;
  /** `GST`: a charge or discount that is part of the assessable value. Absent if the list does not give it. */
  appropriateFor?: string;
}

/** One row of Tally's group list; a primary group has the parent ` Primary` (trimmed here: `Primary`) or ''. */
export interface GroupMaster {
  name: string;
  parent: string;
  reservedName: string;
}

/** The company's masters that decide base types and ledger classes. Without ledgers only the name patterns decide. */
export interface Masters {
  voucherTypes: VoucherTypeMaster[];
  ledgers: LedgerMaster[];
  groups: GroupMaster[];
}
