-- One register of all invoices in the books. The other views read it, so that what is in the books, the name of the company,
-- the month and the financial year are defined once. Columns, rows and grants of the other views stay as they were.
-- A migration that appends a column to it repeats the statements of the two registers, whose * stands for the columns of now.

CREATE VIEW invoice_register AS
SELECT
  i.company_id, c.name AS company_name, i.invoice_id, i.invoice_type, i.voucher_type, i.invoice_number, i.date,
  date_trunc('month', i.date::timestamp)::date AS month,
  to_char(i.date - interval '3 months', 'YYYY') || '-' || to_char(i.date + interval '9 months', 'YY') AS financial_year,
  i.reference, i.reference_date, i.party_name, i.party_gstin, i.place_of_supply,
  i.taxable_amount, i.cgst_amount, i.sgst_amount, i.igst_amount, i.cess_amount,
  (i.cgst_amount + i.sgst_amount + i.igst_amount + i.cess_amount)::numeric(18,2) AS tax_amount,
  i.round_off_amount, i.other_amount, i.total_amount, i.tds_amount, i.currency,
  i.irn, i.irn_ack_no, i.irn_ack_date, i.eway_bill_no, i.is_cancelled, i.narration,
  i.foreign_amount, i.exchange_rate, i.party_state, i.buyer_name, i.party_registration_type, i.consignee_gstin,
  i.consignee_state, i.company_gstin, i.credit_days, i.due_date, i.order_number, i.order_date, i.nature_of_return,
  i.is_reverse_charge, i.eway_bill_date, i.vehicle_number
FROM fact_invoice i
LEFT JOIN dim_company c ON c.company_id = i.company_id
WHERE NOT i.is_optional AND i.missing_since IS NULL;

CREATE OR REPLACE VIEW sales_register AS SELECT * FROM invoice_register WHERE invoice_type IN ('sales', 'credit_note');
CREATE OR REPLACE VIEW purchase_register AS SELECT * FROM invoice_register WHERE invoice_type IN ('purchase', 'debit_note');

-- Booked: the taxable amount of each rate (the sum of its taxable lines), and each tax per invoice. Tally books a tax on
-- ledger lines that name no rate, so which rate it belongs to is apportioned: each tax of an invoice is split over the
-- invoice's rates by taxable amount x rate. The split is of running totals, each rounded to the paisa, of which the last
-- is the booked amount itself: the parts always add up to what is booked.
-- Cess follows the same split, as no line says how much of it is its own.
-- Where the rates explain no tax at all (every one is null or 0, or they cancel out), all of it stands under the null
-- rate, or under the highest where none is null. An invoice without taxable lines has one row, under the null rate.
CREATE OR REPLACE VIEW gst_summary AS
WITH summed AS (
  SELECT
    i.company_id, i.company_name, i.financial_year, i.month,
    CASE WHEN i.invoice_type IN ('sales', 'credit_note') THEN 'outward' ELSE 'inward' END AS direction,
    r.gst_rate,
    count(*) AS invoices,
    sum(coalesce(r.taxable_amount, i.taxable_amount)) AS taxable_amount,
    sum(coalesce(
      round(i.cgst_amount * r.upto / r.whole, 2) - round(i.cgst_amount * r.before / r.whole, 2), i.cgst_amount)) AS cgst_amount,
    sum(coalesce(
      round(i.sgst_amount * r.upto / r.whole, 2) - round(i.sgst_amount * r.before / r.whole, 2), i.sgst_amount)) AS sgst_amount,
    sum(coalesce(
      round(i.igst_amount * r.upto / r.whole, 2) - round(i.igst_amount * r.before / r.whole, 2), i.igst_amount)) AS igst_amount,
    sum(coalesce(
      round(i.cess_amount * r.upto / r.whole, 2) - round(i.cess_amount * r.before / r.whole, 2), i.cess_amount)) AS cess_amount
  FROM invoice_register i
  -- Lateral, so that only the lines of the invoices that a query filters for are read.
  LEFT JOIN LATERAL (
    SELECT
      gst_rate, taxable_amount,
      CASE WHEN sum(weight) OVER invoice <> 0 THEN sum(weight) OVER by_rate
           WHEN lead(true) OVER by_rate THEN 0 ELSE 1 END AS upto,
      CASE WHEN sum(weight) OVER invoice <> 0 THEN sum(weight) OVER by_rate - weight ELSE 0 END AS before,
      CASE WHEN sum(weight) OVER invoice <> 0 THEN sum(weight) OVER invoice ELSE 1 END AS whole
    FROM (
      SELECT
        l.company_id, l.gst_rate, sum(l.amount) AS taxable_amount,
        coalesce(sum(l.amount * l.gst_rate), 0) AS weight
      FROM fact_invoice_line l
      WHERE l.company_id = i.company_id AND l.invoice_id = i.invoice_id AND l.ledger_class = 'taxable'
      GROUP BY l.company_id, l.gst_rate
    ) rates
    WINDOW invoice AS (PARTITION BY company_id), by_rate AS (PARTITION BY company_id ORDER BY gst_rate NULLS LAST)
  ) r ON true
  WHERE NOT i.is_cancelled
  GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT
  company_id, company_name, financial_year, month, direction, gst_rate, invoices,
  taxable_amount::numeric(28,2) AS taxable_amount,
  cgst_amount::numeric(28,2) AS cgst_amount,
  sgst_amount::numeric(28,2) AS sgst_amount,
  igst_amount::numeric(28,2) AS igst_amount,
  cess_amount::numeric(28,2) AS cess_amount,
  (cgst_amount + sgst_amount + igst_amount + cess_amount)::numeric(28,2) AS tax_amount
FROM summed;

CREATE OR REPLACE VIEW party_totals AS
SELECT
  company_id, company_name, financial_year, party_name,
  string_agg(DISTINCT party_gstin, ', ' ORDER BY party_gstin) AS party_gstin,
  CASE WHEN invoice_type IN ('sales', 'credit_note') THEN 'outward' ELSE 'inward' END AS direction,
  count(*) AS invoices,
  sum(taxable_amount)::numeric(28,2) AS taxable_amount,
  sum(cgst_amount + sgst_amount + igst_amount + cess_amount)::numeric(28,2) AS tax_amount,
  sum(total_amount)::numeric(28,2) AS total_amount,
  min(date) AS first_date,
  max(date) AS last_date
FROM invoice_register
WHERE NOT is_cancelled
GROUP BY company_id, company_name, financial_year, party_name, 6;

COMMENT ON VIEW invoice_register IS
  'Sales, purchases and notes, one row each, cancelled ones with zero amounts; optional vouchers and those that Tally no longer has are left out.';
COMMENT ON COLUMN invoice_register.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN invoice_register.company_name IS 'Name of the company in Tally.';
COMMENT ON COLUMN invoice_register.invoice_id IS 'Tally''s GUID of the voucher; with company_id it names one row.';
COMMENT ON COLUMN invoice_register.invoice_type IS 'sales, credit_note, purchase or debit_note.';
COMMENT ON COLUMN invoice_register.voucher_type IS 'Name of the voucher type in Tally.';
COMMENT ON COLUMN invoice_register.invoice_number IS 'Voucher number in Tally.';
COMMENT ON COLUMN invoice_register.date IS 'Date of the voucher.';
COMMENT ON COLUMN invoice_register.month IS 'First day of the month of the date.';
COMMENT ON COLUMN invoice_register.financial_year IS 'Financial year of the date, April to March, such as 2024-25.';
COMMENT ON COLUMN invoice_register.reference IS 'Reference number of the voucher; on a purchase, as a rule the number of the supplier''s invoice.';
COMMENT ON COLUMN invoice_register.reference_date IS 'Date of the reference.';
COMMENT ON COLUMN invoice_register.party_name IS 'Customer or supplier as the voucher names it.';
COMMENT ON COLUMN invoice_register.party_gstin IS 'GSTIN of the customer or supplier.';
COMMENT ON COLUMN invoice_register.place_of_supply IS 'State of the place of supply.';
COMMENT ON COLUMN invoice_register.taxable_amount IS 'Taxable value in rupees: positive on a sale and a purchase, negative on a note.';
COMMENT ON COLUMN invoice_register.cgst_amount IS 'Central tax in rupees, signed as the taxable value.';
COMMENT ON COLUMN invoice_register.sgst_amount IS 'State or union territory tax in rupees, signed as the taxable value.';
COMMENT ON COLUMN invoice_register.igst_amount IS 'Integrated tax in rupees, signed as the taxable value.';
COMMENT ON COLUMN invoice_register.cess_amount IS 'Cess in rupees, signed as the taxable value.';
COMMENT ON COLUMN invoice_register.tax_amount IS 'Central, state and integrated tax and cess together, in rupees.';
COMMENT ON COLUMN invoice_register.round_off_amount IS 'Rounding in rupees, as booked.';
COMMENT ON COLUMN invoice_register.other_amount IS 'Lines outside the taxable value, such as freight, in rupees.';
COMMENT ON COLUMN invoice_register.total_amount IS 'Value of the whole invoice in rupees, before tax deducted at source.';
COMMENT ON COLUMN invoice_register.tds_amount IS 'Tax deducted at source in rupees, which is no part of the total.';
COMMENT ON COLUMN invoice_register.currency IS 'Currency that the invoice was made out in; the amounts are always rupees.';
COMMENT ON COLUMN invoice_register.irn IS 'Invoice reference number of the e-invoice.';
COMMENT ON COLUMN invoice_register.irn_ack_no IS 'Acknowledgement number of the e-invoice.';
COMMENT ON COLUMN invoice_register.irn_ack_date IS 'Acknowledgement date of the e-invoice.';
COMMENT ON COLUMN invoice_register.eway_bill_no IS 'Number of the e-way bill.';
COMMENT ON COLUMN invoice_register.is_cancelled IS 'True when the voucher is cancelled in Tally; its amounts are then zero.';
COMMENT ON COLUMN invoice_register.narration IS 'Narration of the voucher.';
COMMENT ON COLUMN invoice_register.foreign_amount IS 'Amount in the foreign currency, signed as the total; null for an invoice in rupees.';
COMMENT ON COLUMN invoice_register.exchange_rate IS 'Rupees for one of the foreign currency, as Tally says it.';
COMMENT ON COLUMN invoice_register.party_state IS 'State of the customer or supplier.';
COMMENT ON COLUMN invoice_register.buyer_name IS 'Name of the customer or supplier as it is printed on the invoice.';
COMMENT ON COLUMN invoice_register.party_registration_type IS 'GST registration type of the customer or supplier, such as Regular or Unregistered/Consumer.';
COMMENT ON COLUMN invoice_register.consignee_gstin IS 'GSTIN of whom the goods are sent to.';
COMMENT ON COLUMN invoice_register.consignee_state IS 'State of whom the goods are sent to.';
COMMENT ON COLUMN invoice_register.company_gstin IS 'GSTIN of the company itself on the invoice.';
COMMENT ON COLUMN invoice_register.credit_days IS 'Days of credit, where Tally gives days or weeks.';
COMMENT ON COLUMN invoice_register.due_date IS 'Date on which the invoice is due, as Tally gives it or counted from its credit period.';
COMMENT ON COLUMN invoice_register.order_number IS 'Number of the order; several are separated by commas.';
COMMENT ON COLUMN invoice_register.order_date IS 'Date of the order; null where several differ.';
COMMENT ON COLUMN invoice_register.nature_of_return IS 'Reason of a note for the GST return, such as 01-Sales Return.';
COMMENT ON COLUMN invoice_register.is_reverse_charge IS 'True when the tax is paid by the recipient (reverse charge); null where Tally does not say.';
COMMENT ON COLUMN invoice_register.eway_bill_date IS 'Date of the e-way bill.';
COMMENT ON COLUMN invoice_register.vehicle_number IS 'Vehicle of the e-way bill.';

COMMENT ON TABLE etl_migrations IS 'Migrations that made the tables and views, one row each.';
COMMENT ON COLUMN etl_migrations.id IS 'Number of the row.';
COMMENT ON COLUMN etl_migrations.name IS 'Name of the migration.';
COMMENT ON COLUMN etl_migrations.run_on IS 'When the migration ran.';
