-- What decides how a company's vouchers become rows, as of the last load: a renamed ledger moves no voucher's ALTERID, so
-- that only this tells which invoices are to be read again. One row for each master; the digest is of all of it that counts.
CREATE TABLE etl_masters (
  company_id   text NOT NULL,
  company_name text NOT NULL, -- each part of a split company has masters of its own
  kind         text NOT NULL, -- voucher-type, ledger, stock-item, unit
  name         text NOT NULL,
  digest       text NOT NULL,
  PRIMARY KEY (company_id, company_name, kind, name)
);

-- Tally's high-water marks as of the last load: one that has gone back tells of a restored backup.
ALTER TABLE etl_sources ADD COLUMN voucher_counter bigint, ADD COLUMN master_counter bigint;

-- Days that were compared with Tally since their rows were last written, and how many invoices of them differed.
CREATE TABLE etl_verified (
  company_id  text NOT NULL,
  date        date NOT NULL,
  differences int NOT NULL,
  run_id      uuid NOT NULL,
  verified_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, date)
);
