-- The masters of the stream `ledger`: what its vouchers name, and what stood on the books before their first day. The keys are
-- Tally's GUIDs, which stay when a master is renamed. Amounts are debit positive, as in the tables of migration 0013. A company
-- that was split by years has several parts with one GUID; its openings are those of the earliest part that was loaded.

CREATE TABLE dim_group (
  company_id           text NOT NULL,
  group_id             text NOT NULL,
  name                 text NOT NULL,
  parent_name          text,
  path                 text NOT NULL,
  primary_name         text NOT NULL,
  reserved_name        text,
  reserved_group       text,
  nature               text,
  affects_gross_profit boolean,
  sort_position        int,
  PRIMARY KEY (company_id, group_id)
);

CREATE TABLE dim_ledger (
  company_id             text NOT NULL,
  ledger_id              text NOT NULL,
  name                   text NOT NULL,
  group_id               text,
  group_name             text,
  is_billwise            boolean,
  currency               text,
  opening_date           date,
  opening_balance        numeric(18,2),
  opening_foreign_amount numeric(18,4),
  PRIMARY KEY (company_id, ledger_id)
);

CREATE TABLE fact_opening_bill (
  company_id    text NOT NULL,
  ledger_id     text NOT NULL,
  bill_no       int NOT NULL,
  ledger_name   text NOT NULL,
  reference     text NOT NULL,
  bill_date     date,
  due_date      date,
  credit_period text,
  is_advance    boolean,
  amount        numeric(18,2),
  PRIMARY KEY (company_id, ledger_id, bill_no)
);

CREATE TABLE dim_stock_item (
  company_id       text NOT NULL,
  item_id          text NOT NULL,
  name             text NOT NULL,
  group_name       text,
  base_unit        text,
  opening_date     date,
  opening_quantity numeric(18,4),
  opening_value    numeric(18,2),
  PRIMARY KEY (company_id, item_id)
);

CREATE TABLE dim_unit (
  company_id      text NOT NULL,
  unit_id         text NOT NULL,
  name            text NOT NULL,
  is_simple       boolean,
  base_unit       text,
  additional_unit text,
  conversion      numeric(18,4),
  PRIMARY KEY (company_id, unit_id)
);

CREATE TABLE dim_voucher_type (
  company_id      text NOT NULL,
  voucher_type_id text NOT NULL,
  name            text NOT NULL,
  parent_name     text,
  base_type       text,
  PRIMARY KEY (company_id, voucher_type_id)
);

CREATE TABLE dim_cost_centre (
  company_id     text NOT NULL,
  cost_centre_id text NOT NULL,
  name           text NOT NULL,
  parent_name    text,
  category       text,
  PRIMARY KEY (company_id, cost_centre_id)
);

-- The masters are asked for again only when Tally's counter of masters, or the first day of the books, is another one.
ALTER TABLE etl_sources
  ADD COLUMN ledger_master_counter bigint,
  ADD COLUMN ledger_books_from date;

COMMENT ON TABLE dim_group IS 'Groups of ledgers, one row each, with the stream ledger.';
COMMENT ON COLUMN dim_group.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN dim_group.group_id IS 'Tally''s GUID of the group, which stays when the group is renamed.';
COMMENT ON COLUMN dim_group.name IS 'Name of the group.';
COMMENT ON COLUMN dim_group.parent_name IS 'Group above it; null for a primary group.';
COMMENT ON COLUMN dim_group.path IS 'Names of all groups from the primary group down to this one, with > between them.';
COMMENT ON COLUMN dim_group.primary_name IS 'Name of the primary group above it, or its own name.';
COMMENT ON COLUMN dim_group.reserved_name IS 'Tally''s own name of a group that every company has, such as Sundry Debtors; null for a group that the user made.';
COMMENT ON COLUMN dim_group.reserved_group IS 'Tally''s own group that it is or lies below, the nearest one, such as Sundry Debtors; null below a primary group of the user.';
COMMENT ON COLUMN dim_group.nature IS 'asset, liability, income or expense; null where Tally does not say it.';
COMMENT ON COLUMN dim_group.affects_gross_profit IS 'True for sales, purchases and direct income and expenses; null where Tally does not say it.';
COMMENT ON COLUMN dim_group.sort_position IS 'Place of the group in Tally''s order; null where Tally does not say it.';

COMMENT ON TABLE dim_ledger IS 'Ledgers, one row each, with what stood on them when the books began; with the stream ledger.';
COMMENT ON COLUMN dim_ledger.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN dim_ledger.ledger_id IS 'Tally''s GUID of the ledger, which stays when the ledger is renamed.';
COMMENT ON COLUMN dim_ledger.name IS 'Name of the ledger.';
COMMENT ON COLUMN dim_ledger.group_id IS 'Tally''s GUID of its group; null for the ledger Profit & Loss A/c, which has none, and where the group is not known.';
COMMENT ON COLUMN dim_ledger.group_name IS 'Name of its group; null for the ledger Profit & Loss A/c, which has none.';
COMMENT ON COLUMN dim_ledger.is_billwise IS 'True where amounts of the ledger belong to bills; null where Tally does not say it.';
COMMENT ON COLUMN dim_ledger.currency IS 'Currency of the ledger as Tally writes it; null where Tally does not say it.';
COMMENT ON COLUMN dim_ledger.opening_date IS 'First day of the books, whose opening this is; null where Tally does not say it.';
COMMENT ON COLUMN dim_ledger.opening_balance IS 'Balance in rupees before that day: debit positive, credit negative; null where Tally gives none that can be read.';
COMMENT ON COLUMN dim_ledger.opening_foreign_amount IS 'The same in a foreign currency; the rupees are then Tally''s valuation of it; null for rupees.';

COMMENT ON TABLE fact_opening_bill IS 'Bills that were open when the books began, one row each; the rest of a ledger''s opening balance is on account.';
COMMENT ON COLUMN fact_opening_bill.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN fact_opening_bill.ledger_id IS 'Tally''s GUID of the ledger that owes or is owed.';
COMMENT ON COLUMN fact_opening_bill.bill_no IS 'Number of the bill within its ledger, from 1.';
COMMENT ON COLUMN fact_opening_bill.ledger_name IS 'Name of that ledger.';
COMMENT ON COLUMN fact_opening_bill.reference IS 'Reference of the bill, which with its ledger names one bill.';
COMMENT ON COLUMN fact_opening_bill.bill_date IS 'Date of the bill, which may be before the books begin.';
COMMENT ON COLUMN fact_opening_bill.due_date IS 'Day on which the bill is due; null where Tally gives no period.';
COMMENT ON COLUMN fact_opening_bill.credit_period IS 'Credit period as Tally writes it, such as 30 Days.';
COMMENT ON COLUMN fact_opening_bill.is_advance IS 'True for money that was paid before there was a bill.';
COMMENT ON COLUMN fact_opening_bill.amount IS 'Amount in rupees that was open: debit positive, credit negative; null where Tally gives none that can be read.';

COMMENT ON TABLE dim_stock_item IS 'Stock items, one row each, with what was in stock when the books began; with the stream ledger.';
COMMENT ON COLUMN dim_stock_item.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN dim_stock_item.item_id IS 'Tally''s GUID of the item, which stays when the item is renamed.';
COMMENT ON COLUMN dim_stock_item.name IS 'Name of the item.';
COMMENT ON COLUMN dim_stock_item.group_name IS 'Stock group of the item; null where it is in none.';
COMMENT ON COLUMN dim_stock_item.base_unit IS 'Unit in which the item is kept.';
COMMENT ON COLUMN dim_stock_item.opening_date IS 'First day of the books, whose opening this is; null where Tally does not say it.';
COMMENT ON COLUMN dim_stock_item.opening_quantity IS 'Quantity in stock before that day; null where Tally gives none that can be read.';
COMMENT ON COLUMN dim_stock_item.opening_value IS 'Value of that stock in rupees, positive for goods in hand; null where Tally gives none that can be read.';

COMMENT ON TABLE dim_unit IS 'Units of stock items, one row each, with the stream ledger.';
COMMENT ON COLUMN dim_unit.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN dim_unit.unit_id IS 'Tally''s GUID of the unit.';
COMMENT ON COLUMN dim_unit.name IS 'Name of the unit, such as Nos, or Box of 10 Nos.';
COMMENT ON COLUMN dim_unit.is_simple IS 'False for a unit that is made of two others; null where Tally does not say it.';
COMMENT ON COLUMN dim_unit.base_unit IS 'The bigger of the two units; null for a simple unit.';
COMMENT ON COLUMN dim_unit.additional_unit IS 'The smaller of the two units; null for a simple unit.';
COMMENT ON COLUMN dim_unit.conversion IS 'How many of the smaller make one of the bigger; null for a simple unit.';

COMMENT ON TABLE dim_voucher_type IS 'Voucher types, one row each, with the stream ledger.';
COMMENT ON COLUMN dim_voucher_type.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN dim_voucher_type.voucher_type_id IS 'Tally''s GUID of the voucher type.';
COMMENT ON COLUMN dim_voucher_type.name IS 'Name of the voucher type.';
COMMENT ON COLUMN dim_voucher_type.parent_name IS 'Voucher type from which it is made.';
COMMENT ON COLUMN dim_voucher_type.base_type IS 'Tally''s own type from which it is derived, such as sales or receipt; null where Tally''s list does not tell.';

COMMENT ON TABLE dim_cost_centre IS 'Cost centres, one row each, with the stream ledger.';
COMMENT ON COLUMN dim_cost_centre.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN dim_cost_centre.cost_centre_id IS 'Tally''s GUID of the cost centre.';
COMMENT ON COLUMN dim_cost_centre.name IS 'Name of the cost centre.';
COMMENT ON COLUMN dim_cost_centre.parent_name IS 'Cost centre above it; null where there is none.';
COMMENT ON COLUMN dim_cost_centre.category IS 'Cost category.';

COMMENT ON COLUMN etl_sources.ledger_master_counter IS 'Tally''s counter of masters when the masters of the stream ledger were read; null: they are read by the next load.';
COMMENT ON COLUMN etl_sources.ledger_books_from IS 'First day of the books of which their openings are.';
COMMENT ON COLUMN fact_stock_entry.item_id IS 'Tally''s GUID of the item; null where Tally''s list of items lacks the name, and where the voucher was loaded before the list was.';
