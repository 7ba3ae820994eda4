-- Tally's own list of vouchers, of every kind, as it was seen last. Where Tally's digest of a day (how many vouchers, sums of
-- their ids) equals the digest of these rows, nothing has changed on that day, and its list is not asked for again.
CREATE TABLE etl_vouchers (
  company_id     text NOT NULL,
  voucher_id     text NOT NULL,
  date           date NOT NULL,
  alter_id       bigint,
  master_id      bigint,
  voucher_type   text NOT NULL,
  voucher_number text NOT NULL,
  is_deleted     boolean NOT NULL,
  may_renumber   boolean NOT NULL,
  PRIMARY KEY (company_id, voucher_id)
);
CREATE INDEX etl_vouchers_day ON etl_vouchers (company_id, date);

-- What this company's Tally was seen to do with the request for digests, and with its counters.
ALTER TABLE etl_sources
  ADD COLUMN digests text,
  ADD COLUMN digests_on date,
  ADD COLUMN settled_on date,
  ADD COLUMN settled_voucher_counter bigint,
  ADD COLUMN settled_master_counter bigint,
  ADD COLUMN settled_rules text,
  ADD COLUMN settled_invoices bigint;

COMMENT ON TABLE etl_vouchers IS 'Vouchers of every kind as Tally listed them last, one row each.';
COMMENT ON COLUMN etl_vouchers.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN etl_vouchers.voucher_id IS 'Tally''s GUID of the voucher; with company_id it names one row.';
COMMENT ON COLUMN etl_vouchers.date IS 'Date that Tally lists it under.';
COMMENT ON COLUMN etl_vouchers.alter_id IS 'Tally''s ALTERID, which grows with each change of the voucher; null where Tally gives none.';
COMMENT ON COLUMN etl_vouchers.master_id IS 'Tally''s MASTERID of the voucher; null where Tally gives none.';
COMMENT ON COLUMN etl_vouchers.voucher_type IS 'Name of the voucher type in Tally.';
COMMENT ON COLUMN etl_vouchers.voucher_number IS 'Voucher number in Tally; empty where it has none.';
COMMENT ON COLUMN etl_vouchers.is_deleted IS 'True when the voucher is in Tally''s store and no longer in the books.';
COMMENT ON COLUMN etl_vouchers.may_renumber IS 'True unless Tally says that the number stays when vouchers before it come or go.';
COMMENT ON COLUMN etl_sources.digests IS 'Whether Tally''s digests of days are used: the number of the request with which they were found right, or wrong; null where they were not tried.';
COMMENT ON COLUMN etl_sources.digests_on IS 'Day on which a sync last compared the digests with whole lists.';
COMMENT ON COLUMN etl_sources.settled_on IS 'Day on which a sync last compared all loaded days with Tally and left nothing open; null where none did.';
COMMENT ON COLUMN etl_sources.settled_voucher_counter IS 'Tally''s high-water mark of vouchers at that time.';
COMMENT ON COLUMN etl_sources.settled_master_counter IS 'Tally''s high-water mark of masters at that time.';
COMMENT ON COLUMN etl_sources.settled_rules IS 'Hash of the rules that had mapped all loaded days at that time.';
COMMENT ON COLUMN etl_sources.settled_invoices IS 'Invoices of the company in the warehouse at that time, not counting those marked as missing.';
