-- Days that were loaded wholly, as Tally's voucher index proves, and by which rules (masters and mapping): an invoice of
-- such a day whose ALTERID is still the same need not be read again.
CREATE TABLE etl_days (
  company_id text NOT NULL,
  date       date NOT NULL,
  rules_hash text NOT NULL,
  run_id     uuid NOT NULL,
  loaded_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, date)
);

-- What a company's Tally answers to. The parts of a year-split company share their id and differ in name and books_from.
CREATE TABLE etl_sources (
  company_id   text NOT NULL,
  company_name text NOT NULL,
  books_from   date,
  report       text,
  serves_all   boolean, -- the report sends everything, or a period of its own, whatever the dates; null: not seen yet
  updated_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, company_name)
);
