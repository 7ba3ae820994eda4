-- The stream `ledger`: vouchers of every type with what they book. All amounts of these tables are debit positive, the opposite of
-- Tally's XML. Parts of a voucher are written and removed with it.

CREATE TABLE fact_voucher (
  company_id      text NOT NULL,
  voucher_id      text NOT NULL,
  alter_id        bigint,
  master_id       bigint,
  voucher_type    text NOT NULL,
  base_type       text NOT NULL,
  voucher_number  text,
  date            date NOT NULL,
  reference       text,
  reference_date  date,
  party_name      text,
  amount          numeric(18,2) NOT NULL,
  is_cancelled    boolean NOT NULL,
  is_optional     boolean NOT NULL,
  is_post_dated   boolean NOT NULL,
  narration       text,
  content_hash    text NOT NULL,
  mapping_version int NOT NULL,
  run_id          uuid NOT NULL,
  loaded_at       timestamptz NOT NULL,
  missing_since   timestamptz,
  PRIMARY KEY (company_id, voucher_id)
);
CREATE INDEX fact_voucher_date ON fact_voucher (company_id, date);

CREATE TABLE fact_ledger_entry (
  company_id     text NOT NULL,
  voucher_id     text NOT NULL,
  line_no        int NOT NULL,
  date           date NOT NULL,
  ledger_name    text NOT NULL,
  ledger_id      text,
  amount         numeric(18,2) NOT NULL,
  currency       text NOT NULL,
  foreign_amount numeric(18,4),
  exchange_rate  numeric(18,6),
  PRIMARY KEY (company_id, voucher_id, line_no),
  FOREIGN KEY (company_id, voucher_id) REFERENCES fact_voucher ON DELETE CASCADE
);
CREATE INDEX fact_ledger_entry_ledger ON fact_ledger_entry (company_id, left(ledger_name, 100), date);

CREATE TABLE fact_bill (
  company_id  text NOT NULL,
  voucher_id  text NOT NULL,
  line_no     int NOT NULL,
  part_no     int NOT NULL,
  date        date NOT NULL,
  ledger_name text NOT NULL,
  ledger_id   text,
  kind        text,
  reference   text,
  bill_date   date,
  due_date    date,
  amount      numeric(18,2),
  PRIMARY KEY (company_id, voucher_id, line_no, part_no),
  FOREIGN KEY (company_id, voucher_id) REFERENCES fact_voucher ON DELETE CASCADE
);
CREATE INDEX fact_bill_ledger ON fact_bill (company_id, left(ledger_name, 100), date);

CREATE TABLE fact_cost_allocation (
  company_id  text NOT NULL,
  voucher_id  text NOT NULL,
  line_no     int NOT NULL,
  part_no     int NOT NULL,
  date        date NOT NULL,
  ledger_name text NOT NULL,
  category    text,
  cost_centre text NOT NULL,
  amount      numeric(18,2),
  PRIMARY KEY (company_id, voucher_id, line_no, part_no),
  FOREIGN KEY (company_id, voucher_id) REFERENCES fact_voucher ON DELETE CASCADE
);

CREATE TABLE fact_bank_allocation (
  company_id        text NOT NULL,
  voucher_id        text NOT NULL,
  line_no           int NOT NULL,
  part_no           int NOT NULL,
  date              date NOT NULL,
  ledger_name       text NOT NULL,
  transaction_type  text,
  instrument_number text,
  instrument_date   date,
  bank_date         date,
  amount            numeric(18,2),
  PRIMARY KEY (company_id, voucher_id, line_no, part_no),
  FOREIGN KEY (company_id, voucher_id) REFERENCES fact_voucher ON DELETE CASCADE
);

CREATE TABLE fact_stock_entry (
  company_id      text NOT NULL,
  voucher_id      text NOT NULL,
  line_no         int NOT NULL,
  date            date NOT NULL,
  item_name       text NOT NULL,
  item_id         text,
  godown          text,
  batch           text,
  direction       text NOT NULL,
  quantity        numeric(18,4),
  unit            text,
  rate            numeric(18,4),
  amount          numeric(18,2),
  tracking_number text,
  PRIMARY KEY (company_id, voucher_id, line_no),
  FOREIGN KEY (company_id, voucher_id) REFERENCES fact_voucher ON DELETE CASCADE
);
CREATE INDEX fact_stock_entry_item ON fact_stock_entry (company_id, left(item_name, 100), date);

COMMENT ON TABLE fact_voucher IS 'Vouchers of every type, one row each, also those that Tally no longer has.';
COMMENT ON COLUMN fact_voucher.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN fact_voucher.voucher_id IS 'Tally''s GUID of the voucher; with company_id it names one row, and an invoice has the same id in fact_invoice.';
COMMENT ON COLUMN fact_voucher.alter_id IS 'Tally''s ALTERID, which grows with each change of the voucher.';
COMMENT ON COLUMN fact_voucher.master_id IS 'Tally''s MASTERID of the voucher.';
COMMENT ON COLUMN fact_voucher.voucher_type IS 'Name of the voucher type in Tally.';
COMMENT ON COLUMN fact_voucher.base_type IS 'Tally''s own type from which the voucher type is derived, such as sales, receipt or stock_journal.';
COMMENT ON COLUMN fact_voucher.voucher_number IS 'Voucher number in Tally.';
COMMENT ON COLUMN fact_voucher.date IS 'Date of the voucher.';
COMMENT ON COLUMN fact_voucher.reference IS 'Reference number of the voucher.';
COMMENT ON COLUMN fact_voucher.reference_date IS 'Date of the reference.';
COMMENT ON COLUMN fact_voucher.party_name IS 'Party as the voucher names it.';
COMMENT ON COLUMN fact_voucher.amount IS 'Sum of the debits in rupees; 0 for a type that books nothing.';
COMMENT ON COLUMN fact_voucher.is_cancelled IS 'True when the voucher is cancelled in Tally; it then has no entries.';
COMMENT ON COLUMN fact_voucher.is_optional IS 'True when the voucher is optional in Tally, which is not in the books.';
COMMENT ON COLUMN fact_voucher.is_post_dated IS 'True when the voucher was marked as post-dated; it counts from its date on.';
COMMENT ON COLUMN fact_voucher.narration IS 'Narration of the voucher.';
COMMENT ON COLUMN fact_voucher.content_hash IS 'Digest of what Tally says of the voucher: a load rewrites a row whose digest is another one.';
COMMENT ON COLUMN fact_voucher.mapping_version IS 'Version of the rules that made the row out of the voucher.';
COMMENT ON COLUMN fact_voucher.run_id IS 'Run that wrote the row last.';
COMMENT ON COLUMN fact_voucher.loaded_at IS 'When the row was written last.';
COMMENT ON COLUMN fact_voucher.missing_since IS 'When Tally was found not to have the voucher any more; null while Tally has it.';

COMMENT ON TABLE fact_ledger_entry IS 'What vouchers book on ledgers, one row for each entry; the entries of a voucher add up to 0.';
COMMENT ON COLUMN fact_ledger_entry.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN fact_ledger_entry.voucher_id IS 'The voucher that the entry is part of.';
COMMENT ON COLUMN fact_ledger_entry.line_no IS 'Number of the entry within its voucher, from 1.';
COMMENT ON COLUMN fact_ledger_entry.date IS 'Date of the voucher.';
COMMENT ON COLUMN fact_ledger_entry.ledger_name IS 'Ledger as the voucher names it.';
COMMENT ON COLUMN fact_ledger_entry.ledger_id IS 'Tally''s GUID of the ledger, which stays when the ledger is renamed; null where Tally''s list of ledgers lacks the name.';
COMMENT ON COLUMN fact_ledger_entry.amount IS 'Amount in rupees: debit positive, credit negative.';
COMMENT ON COLUMN fact_ledger_entry.currency IS 'Currency of the entry as Tally writes it; the amount is always rupees.';
COMMENT ON COLUMN fact_ledger_entry.foreign_amount IS 'Amount in that currency, signed as the amount; null for rupees.';
COMMENT ON COLUMN fact_ledger_entry.exchange_rate IS 'Rupees for one unit of that currency, as Tally gives them.';

COMMENT ON TABLE fact_bill IS 'Bills that entries open or settle, one row for each allocation.';
COMMENT ON COLUMN fact_bill.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN fact_bill.voucher_id IS 'The voucher that the allocation is part of.';
COMMENT ON COLUMN fact_bill.line_no IS 'The entry that is allocated.';
COMMENT ON COLUMN fact_bill.part_no IS 'Number of the allocation within its entry, from 1.';
COMMENT ON COLUMN fact_bill.date IS 'Date of the voucher.';
COMMENT ON COLUMN fact_bill.ledger_name IS 'Ledger of the entry: the party that owes or is owed.';
COMMENT ON COLUMN fact_bill.ledger_id IS 'Tally''s GUID of that ledger.';
COMMENT ON COLUMN fact_bill.kind IS 'new, against, advance or on_account; null for a word that is none of Tally''s four.';
COMMENT ON COLUMN fact_bill.reference IS 'Reference of the bill, which with its ledger names one bill; null on account.';
COMMENT ON COLUMN fact_bill.bill_date IS 'Date of the bill; of a settled bill its own date.';
COMMENT ON COLUMN fact_bill.due_date IS 'Day on which the bill is due; null where Tally gives no period.';
COMMENT ON COLUMN fact_bill.amount IS 'Amount in rupees: debit positive, credit negative; null where Tally gives none that can be read.';

COMMENT ON TABLE fact_cost_allocation IS 'Cost centres of entries, one row for each share.';
COMMENT ON COLUMN fact_cost_allocation.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN fact_cost_allocation.voucher_id IS 'The voucher that the share is part of.';
COMMENT ON COLUMN fact_cost_allocation.line_no IS 'The entry that is shared out.';
COMMENT ON COLUMN fact_cost_allocation.part_no IS 'Number of the share within its entry, from 1.';
COMMENT ON COLUMN fact_cost_allocation.date IS 'Date of the voucher.';
COMMENT ON COLUMN fact_cost_allocation.ledger_name IS 'Ledger of the entry.';
COMMENT ON COLUMN fact_cost_allocation.category IS 'Cost category; several categories each hold the whole entry.';
COMMENT ON COLUMN fact_cost_allocation.cost_centre IS 'Cost centre.';
COMMENT ON COLUMN fact_cost_allocation.amount IS 'Amount in rupees: debit positive, credit negative; null where Tally gives none that can be read.';

COMMENT ON TABLE fact_bank_allocation IS 'Cheques and transfers of entries on bank ledgers.';
COMMENT ON COLUMN fact_bank_allocation.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN fact_bank_allocation.voucher_id IS 'The voucher that the payment is part of.';
COMMENT ON COLUMN fact_bank_allocation.line_no IS 'The entry on the bank''s ledger.';
COMMENT ON COLUMN fact_bank_allocation.part_no IS 'Number of the payment within its entry, from 1.';
COMMENT ON COLUMN fact_bank_allocation.date IS 'Date of the voucher.';
COMMENT ON COLUMN fact_bank_allocation.ledger_name IS 'Ledger of the bank.';
COMMENT ON COLUMN fact_bank_allocation.transaction_type IS 'Cheque, Inter Bank Transfer and the like, as Tally writes it.';
COMMENT ON COLUMN fact_bank_allocation.instrument_number IS 'Number of the cheque or transfer.';
COMMENT ON COLUMN fact_bank_allocation.instrument_date IS 'Date of the cheque or transfer.';
COMMENT ON COLUMN fact_bank_allocation.bank_date IS 'Day on which the bank booked it; null while it is not reconciled.';
COMMENT ON COLUMN fact_bank_allocation.amount IS 'Amount in rupees: debit positive, credit negative; null where Tally gives none that can be read.';

COMMENT ON TABLE fact_stock_entry IS 'Goods that vouchers move or count, one row for each batch.';
COMMENT ON COLUMN fact_stock_entry.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN fact_stock_entry.voucher_id IS 'The voucher that the row is part of.';
COMMENT ON COLUMN fact_stock_entry.line_no IS 'Number of the row within its voucher, from 1.';
COMMENT ON COLUMN fact_stock_entry.date IS 'Date of the voucher.';
COMMENT ON COLUMN fact_stock_entry.item_name IS 'Stock item as the voucher names it.';
COMMENT ON COLUMN fact_stock_entry.item_id IS 'Tally''s GUID of the item; null where Tally''s list of items was not read or lacks the name.';
COMMENT ON COLUMN fact_stock_entry.godown IS 'Godown.';
COMMENT ON COLUMN fact_stock_entry.batch IS 'Batch.';
COMMENT ON COLUMN fact_stock_entry.direction IS 'in, out, or counted: a physical stock voucher says how much there is.';
COMMENT ON COLUMN fact_stock_entry.quantity IS 'Quantity in the unit: in positive, out negative; null where Tally gives none that can be read.';
COMMENT ON COLUMN fact_stock_entry.unit IS 'Unit of the quantity.';
COMMENT ON COLUMN fact_stock_entry.rate IS 'Rupees for one unit.';
COMMENT ON COLUMN fact_stock_entry.amount IS 'Value in rupees, positive for goods that come in; null where Tally gives none.';
COMMENT ON COLUMN fact_stock_entry.tracking_number IS 'Number that the voucher shares with the note by which the goods moved.';
