-- What this company's Tally was seen to do with the request for totals of days and voucher types.
ALTER TABLE etl_sources
  ADD COLUMN totals text,
  ADD COLUMN totals_on date;

COMMENT ON COLUMN etl_sources.totals IS 'Whether Tally answers the request for totals of days and voucher types: the number of the request that it answered, or did not; null where it was not tried.';
COMMENT ON COLUMN etl_sources.totals_on IS 'Day on which that was seen.';
