-- What Tally says of a master (parent, reserved name, tax type, …), next to its digest; null where an older version
-- remembered it. Groups are remembered too, as kind 'group'. A file that was exported without masters is read by it.
ALTER TABLE etl_masters ADD COLUMN details jsonb;

-- What exported files say of masters that Tally itself was never asked about. Tally's own word wins, and no day loses its
-- proof for what a file says: so it is kept apart.
CREATE TABLE etl_file_masters (
  company_id text NOT NULL,
  kind       text NOT NULL, -- voucher-type, ledger, group
  name       text NOT NULL,
  details    jsonb NOT NULL,
  PRIMARY KEY (company_id, kind, name)
);

-- How the lines of an invoice got their classes: 'masters', or 'names' where the name of a ledger had to do. Null: an older
-- version loaded it. A file without masters does not overwrite what masters have classed.
ALTER TABLE fact_invoice ADD COLUMN classed_by text;

-- 'file' where an exported file holds the voucher; null: Tally itself.
ALTER TABLE etl_rejects ADD COLUMN source text;
