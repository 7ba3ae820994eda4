-- The tables of the warehouse. Every key but that of etl_logs starts with company_id: the tables can be divided or distributed
-- by it (docs/scale.md).

CREATE TABLE dim_company (
  company_id    text PRIMARY KEY,
  name          text NOT NULL,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE fact_invoice (
  company_id       text NOT NULL,
  invoice_id       text NOT NULL,
  alter_id         bigint,
  master_id        bigint,
  invoice_type     text NOT NULL,
  voucher_type     text NOT NULL,
  invoice_number   text,
  date             date NOT NULL,
  reference        text,
  reference_date   date,
  party_name       text,
  party_gstin      text,
  place_of_supply  text,
  taxable_amount   numeric(18,2) NOT NULL,
  cgst_amount      numeric(18,2) NOT NULL,
  sgst_amount      numeric(18,2) NOT NULL,
  igst_amount      numeric(18,2) NOT NULL,
  cess_amount      numeric(18,2) NOT NULL,
  round_off_amount numeric(18,2) NOT NULL,
  other_amount     numeric(18,2) NOT NULL,
  total_amount     numeric(18,2) NOT NULL,
  tds_amount       numeric(18,2) NOT NULL,
  currency         text NOT NULL,
  irn              text,
  irn_ack_no       text,
  irn_ack_date     date,
  eway_bill_no     text,
  is_cancelled     boolean NOT NULL,
  is_optional      boolean NOT NULL,
  narration        text,
  content_hash     text NOT NULL,
  mapping_version  int NOT NULL,
  run_id           uuid NOT NULL,
  loaded_at        timestamptz NOT NULL,
  missing_since    timestamptz,
  PRIMARY KEY (company_id, invoice_id)
);
CREATE INDEX fact_invoice_date ON fact_invoice (company_id, date);

CREATE TABLE fact_invoice_line (
  company_id       text NOT NULL,
  invoice_id       text NOT NULL,
  line_no          int NOT NULL,
  line_type        text NOT NULL,
  ledger_name      text,
  ledger_class     text NOT NULL,
  item_name        text,
  hsn              text,
  quantity         numeric(18,4),
  unit             text,
  rate             numeric(18,4),
  discount_percent numeric(18,4),
  gst_rate         numeric(18,4),
  amount           numeric(18,2) NOT NULL,
  PRIMARY KEY (company_id, invoice_id, line_no),
  FOREIGN KEY (company_id, invoice_id) REFERENCES fact_invoice ON DELETE CASCADE
);

CREATE TABLE etl_checkpoints (
  company_id    text NOT NULL,
  stream_name   text NOT NULL,
  last_date     date NOT NULL,
  last_alter_id bigint,
  updated_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (company_id, stream_name)
);

CREATE TABLE etl_logs (
  id          bigserial PRIMARY KEY,
  run_id      uuid NOT NULL,
  company_id  text, -- null: the run failed before Tally said which company it is
  stream_name text NOT NULL,
  command     text NOT NULL,
  run_at      timestamptz NOT NULL DEFAULT now(),
  from_date   date,
  to_date     date,
  rows        int NOT NULL DEFAULT 0,
  inserted    int NOT NULL DEFAULT 0,
  updated     int NOT NULL DEFAULT 0,
  unchanged   int NOT NULL DEFAULT 0,
  missing     int NOT NULL DEFAULT 0,
  rejected    int NOT NULL DEFAULT 0,
  status      text NOT NULL CHECK (status IN ('ok', 'error', 'cancelled')),
  error_code  text,
  error       text,
  duration_ms int NOT NULL DEFAULT 0
);
CREATE INDEX etl_logs_company ON etl_logs (company_id, stream_name, id);

CREATE TABLE etl_rejects (
  run_id         uuid NOT NULL,
  company_id     text NOT NULL,
  invoice_id     text,
  invoice_number text,
  date           date,
  field          text NOT NULL,
  reason         text NOT NULL,
  raw            text NOT NULL,
  rejected_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX etl_rejects_run ON etl_rejects (company_id, run_id);
