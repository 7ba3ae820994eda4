-- What a run asked for: a run that fails before Tally names the company has no company_id.
ALTER TABLE etl_logs
  ADD COLUMN tally_address text,
  ADD COLUMN asked_company text;

COMMENT ON COLUMN etl_logs.tally_address IS 'Address of the Tally that the run asked, with the name of the computer in place of localhost; null in rows of older versions.';
COMMENT ON COLUMN etl_logs.asked_company IS 'Company that was asked for by name; null where none was: the company that is open.';
