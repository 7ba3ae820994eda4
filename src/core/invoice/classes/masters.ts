/** One row of Tally's voucher-type list. RESERVEDNAME survives renaming and is '' for user-made types. */
export interface VoucherTypeMaster {
  name: string;
  /** Stays when the master is renamed; absent where the list does not say it. */
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
  /** `GST`: a charge or discount that is part of the assessable value; absent where the list does not say it. */
  appropriateFor?: string;
}

/** One row of Tally's group list; a primary group has the parent ` Primary` (trimmed here: `Primary`) or ''. */
export interface GroupMaster {
  name: string;
  parent: string;
  reservedName: string;
}

/** Company masters that decide base types and ledger classes. Without ledgers the name patterns decide alone. */
export interface Masters {
  voucherTypes: VoucherTypeMaster[];
  ledgers: LedgerMaster[];
  groups: GroupMaster[];
}
