-- What this company's Tally was seen to do with the request for a collection of vouchers.
ALTER TABLE etl_sources
  ADD COLUMN collection text,
  ADD COLUMN collection_on date;

COMMENT ON COLUMN etl_sources.collection IS 'Whether invoices are read from a collection of chosen fields: the number of the request with which it gave what vouchers have, or did not; null where it was not tried.';
COMMENT ON COLUMN etl_sources.collection_on IS 'Day on which the collection was last compared with whole vouchers.';
