-- Views for people who open the warehouse in a BI tool. All of them leave out what is not in the books: optional
-- vouchers, and vouchers that Tally no longer has. Notes are negative, so that every sum is net of them.
-- The names and order of columns are public: a later migration may only append.
-- dim_company is joined from the left: an invoice counts even where somebody has deleted its company's row.

CREATE VIEW sales_register AS
SELECT
  i.company_id, c.name AS company_name, i.invoice_id, i.invoice_type, i.voucher_type, i.invoice_number, i.date,
  date_trunc('month', i.date::timestamp)::date AS month,
  to_char(i.date - interval '3 months', 'YYYY') || '-' || to_char(i.date + interval '9 months', 'YY') AS financial_year,
  i.reference, i.reference_date, i.party_name, i.party_gstin, i.place_of_supply,
  i.taxable_amount, i.cgst_amount, i.sgst_amount, i.igst_amount, i.cess_amount,
  (i.cgst_amount + i.sgst_amount + i.igst_amount + i.cess_amount)::numeric(18,2) AS tax_amount,
  i.round_off_amount, i.other_amount, i.total_amount, i.tds_amount, i.currency,
  i.irn, i.irn_ack_no, i.irn_ack_date, i.eway_bill_no, i.is_cancelled, i.narration
FROM fact_invoice i
LEFT JOIN dim_company c ON c.company_id = i.company_id
WHERE i.invoice_type IN ('sales', 'credit_note') AND NOT i.is_optional AND i.missing_since IS NULL;

CREATE VIEW purchase_register AS
SELECT
  i.company_id, c.name AS company_name, i.invoice_id, i.invoice_type, i.voucher_type, i.invoice_number, i.date,
  date_trunc('month', i.date::timestamp)::date AS month,
  to_char(i.date - interval '3 months', 'YYYY') || '-' || to_char(i.date + interval '9 months', 'YY') AS financial_year,
  i.reference, i.reference_date, i.party_name, i.party_gstin, i.place_of_supply,
  i.taxable_amount, i.cgst_amount, i.sgst_amount, i.igst_amount, i.cess_amount,
  (i.cgst_amount + i.sgst_amount + i.igst_amount + i.cess_amount)::numeric(18,2) AS tax_amount,
  i.round_off_amount, i.other_amount, i.total_amount, i.tds_amount, i.currency,
  i.irn, i.irn_ack_no, i.irn_ack_date, i.eway_bill_no, i.is_cancelled, i.narration
FROM fact_invoice i
LEFT JOIN dim_company c ON c.company_id = i.company_id
WHERE i.invoice_type IN ('purchase', 'debit_note') AND NOT i.is_optional AND i.missing_since IS NULL;

-- Booked: the taxable amount of each rate (the sum of its taxable lines), and each tax per invoice. Tally books a tax on
-- ledger lines that name no rate, so which rate it belongs to is apportioned: each tax of an invoice is split over the
-- invoice's rates by taxable amount x rate. The split is of running totals, each rounded to the paisa, of which the last
-- is the booked amount itself: the parts always add up to what is booked.
-- Cess follows the same split, as no line says how much of it is its own.
-- Where the rates explain no tax at all (every one is null or 0, or they cancel out), all of it stands under the null
-- rate, or under the highest where none is null. An invoice without taxable lines has one row, under the null rate.
CREATE VIEW gst_summary AS
WITH summed AS (
  SELECT
    i.company_id, c.name AS company_name,
    to_char(i.date - interval '3 months', 'YYYY') || '-' || to_char(i.date + interval '9 months', 'YY') AS financial_year,
    date_trunc('month', i.date::timestamp)::date AS month,
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
  FROM fact_invoice i
  LEFT JOIN dim_company c ON c.company_id = i.company_id
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
  WHERE NOT i.is_cancelled AND NOT i.is_optional AND i.missing_since IS NULL
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

CREATE VIEW party_totals AS
SELECT
  i.company_id, c.name AS company_name,
  to_char(i.date - interval '3 months', 'YYYY') || '-' || to_char(i.date + interval '9 months', 'YY') AS financial_year,
  i.party_name,
  string_agg(DISTINCT i.party_gstin, ', ' ORDER BY i.party_gstin) AS party_gstin,
  CASE WHEN i.invoice_type IN ('sales', 'credit_note') THEN 'outward' ELSE 'inward' END AS direction,
  count(*) AS invoices,
  sum(i.taxable_amount)::numeric(28,2) AS taxable_amount,
  sum(i.cgst_amount + i.sgst_amount + i.igst_amount + i.cess_amount)::numeric(28,2) AS tax_amount,
  sum(i.total_amount)::numeric(28,2) AS total_amount,
  min(i.date) AS first_date,
  max(i.date) AS last_date
FROM fact_invoice i
LEFT JOIN dim_company c ON c.company_id = i.company_id
WHERE NOT i.is_cancelled AND NOT i.is_optional AND i.missing_since IS NULL
GROUP BY i.company_id, c.name, 3, i.party_name, 6;

COMMENT ON VIEW sales_register IS
  'Sales and credit notes, one row each, cancelled ones with zero amounts; optional vouchers and those that Tally no longer has are left out.';
COMMENT ON COLUMN sales_register.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN sales_register.company_name IS 'Name of the company in Tally.';
COMMENT ON COLUMN sales_register.invoice_id IS 'Tally''s GUID of the voucher; with company_id it names one row.';
COMMENT ON COLUMN sales_register.invoice_type IS 'sales or credit_note.';
COMMENT ON COLUMN sales_register.voucher_type IS 'Name of the voucher type in Tally.';
COMMENT ON COLUMN sales_register.invoice_number IS 'Voucher number in Tally.';
COMMENT ON COLUMN sales_register.date IS 'Date of the voucher.';
COMMENT ON COLUMN sales_register.month IS 'First day of the month of the date.';
COMMENT ON COLUMN sales_register.financial_year IS 'Financial year of the date, April to March, such as 2024-25.';
COMMENT ON COLUMN sales_register.reference IS 'Reference number of the voucher.';
COMMENT ON COLUMN sales_register.reference_date IS 'Date of the reference.';
COMMENT ON COLUMN sales_register.party_name IS 'Customer as the voucher names it.';
COMMENT ON COLUMN sales_register.party_gstin IS 'GSTIN of the customer.';
COMMENT ON COLUMN sales_register.place_of_supply IS 'State of the place of supply.';
COMMENT ON COLUMN sales_register.taxable_amount IS 'Taxable value in rupees, positive on a sale, negative on a credit note.';
COMMENT ON COLUMN sales_register.cgst_amount IS 'Central tax in rupees, signed as the taxable value.';
COMMENT ON COLUMN sales_register.sgst_amount IS 'State or union territory tax in rupees, signed as the taxable value.';
COMMENT ON COLUMN sales_register.igst_amount IS 'Integrated tax in rupees, signed as the taxable value.';
COMMENT ON COLUMN sales_register.cess_amount IS 'Cess in rupees, signed as the taxable value.';
COMMENT ON COLUMN sales_register.tax_amount IS 'Central, state and integrated tax and cess together, in rupees.';
COMMENT ON COLUMN sales_register.round_off_amount IS 'Rounding in rupees, as booked.';
COMMENT ON COLUMN sales_register.other_amount IS 'Lines outside the taxable value, such as freight, in rupees.';
COMMENT ON COLUMN sales_register.total_amount IS 'Value of the whole invoice in rupees, before tax deducted at source.';
COMMENT ON COLUMN sales_register.tds_amount IS 'Tax deducted at source in rupees, which is no part of the total.';
COMMENT ON COLUMN sales_register.currency IS 'Currency that the invoice was made out in; the amounts are always rupees.';
COMMENT ON COLUMN sales_register.irn IS 'Invoice reference number of the e-invoice.';
COMMENT ON COLUMN sales_register.irn_ack_no IS 'Acknowledgement number of the e-invoice.';
COMMENT ON COLUMN sales_register.irn_ack_date IS 'Acknowledgement date of the e-invoice.';
COMMENT ON COLUMN sales_register.eway_bill_no IS 'Number of the e-way bill.';
COMMENT ON COLUMN sales_register.is_cancelled IS 'True when the voucher is cancelled in Tally; its amounts are then zero.';
COMMENT ON COLUMN sales_register.narration IS 'Narration of the voucher.';

COMMENT ON VIEW purchase_register IS
  'Purchases and debit notes, one row each, cancelled ones with zero amounts; optional vouchers and those that Tally no longer has are left out.';
COMMENT ON COLUMN purchase_register.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN purchase_register.company_name IS 'Name of the company in Tally.';
COMMENT ON COLUMN purchase_register.invoice_id IS 'Tally''s GUID of the voucher; with company_id it names one row.';
COMMENT ON COLUMN purchase_register.invoice_type IS 'purchase or debit_note.';
COMMENT ON COLUMN purchase_register.voucher_type IS 'Name of the voucher type in Tally.';
COMMENT ON COLUMN purchase_register.invoice_number IS 'Voucher number in Tally.';
COMMENT ON COLUMN purchase_register.date IS 'Date of the voucher.';
COMMENT ON COLUMN purchase_register.month IS 'First day of the month of the date.';
COMMENT ON COLUMN purchase_register.financial_year IS 'Financial year of the date, April to March, such as 2024-25.';
COMMENT ON COLUMN purchase_register.reference IS 'Reference number of the voucher, as a rule the number of the supplier''s invoice.';
COMMENT ON COLUMN purchase_register.reference_date IS 'Date of the reference.';
COMMENT ON COLUMN purchase_register.party_name IS 'Supplier as the voucher names it.';
COMMENT ON COLUMN purchase_register.party_gstin IS 'GSTIN of the supplier.';
COMMENT ON COLUMN purchase_register.place_of_supply IS 'State of the place of supply.';
COMMENT ON COLUMN purchase_register.taxable_amount IS 'Taxable value in rupees, positive on a purchase, negative on a debit note.';
COMMENT ON COLUMN purchase_register.cgst_amount IS 'Central tax in rupees, signed as the taxable value.';
COMMENT ON COLUMN purchase_register.sgst_amount IS 'State or union territory tax in rupees, signed as the taxable value.';
COMMENT ON COLUMN purchase_register.igst_amount IS 'Integrated tax in rupees, signed as the taxable value.';
COMMENT ON COLUMN purchase_register.cess_amount IS 'Cess in rupees, signed as the taxable value.';
COMMENT ON COLUMN purchase_register.tax_amount IS 'Central, state and integrated tax and cess together, in rupees.';
COMMENT ON COLUMN purchase_register.round_off_amount IS 'Rounding in rupees, as booked.';
COMMENT ON COLUMN purchase_register.other_amount IS 'Lines outside the taxable value, such as freight, in rupees.';
COMMENT ON COLUMN purchase_register.total_amount IS 'Value of the whole invoice in rupees, before tax deducted at source.';
COMMENT ON COLUMN purchase_register.tds_amount IS 'Tax deducted at source in rupees, which is no part of the total.';
COMMENT ON COLUMN purchase_register.currency IS 'Currency that the invoice was made out in; the amounts are always rupees.';
COMMENT ON COLUMN purchase_register.irn IS 'Invoice reference number of the e-invoice.';
COMMENT ON COLUMN purchase_register.irn_ack_no IS 'Acknowledgement number of the e-invoice.';
COMMENT ON COLUMN purchase_register.irn_ack_date IS 'Acknowledgement date of the e-invoice.';
COMMENT ON COLUMN purchase_register.eway_bill_no IS 'Number of the e-way bill.';
COMMENT ON COLUMN purchase_register.is_cancelled IS 'True when the voucher is cancelled in Tally; its amounts are then zero.';
COMMENT ON COLUMN purchase_register.narration IS 'Narration of the voucher.';

COMMENT ON VIEW gst_summary IS
  'Taxable value and GST per company, month, direction and GST rate, net of notes; cancelled and optional vouchers and those that Tally no longer has are left out.';
COMMENT ON COLUMN gst_summary.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN gst_summary.company_name IS 'Name of the company in Tally.';
COMMENT ON COLUMN gst_summary.financial_year IS 'Financial year of the month, April to March, such as 2024-25.';
COMMENT ON COLUMN gst_summary.month IS 'First day of the month.';
COMMENT ON COLUMN gst_summary.direction IS 'outward for sales less credit notes, inward for purchases less debit notes.';
COMMENT ON COLUMN gst_summary.gst_rate IS 'GST rate in percent, of integrated tax or of central and state tax together; null where Tally gives no rate.';
COMMENT ON COLUMN gst_summary.invoices IS 'Number of invoices and notes with this rate; one with two rates counts under both.';
COMMENT ON COLUMN gst_summary.taxable_amount IS 'Taxable value in rupees, as booked.';
COMMENT ON COLUMN gst_summary.cgst_amount IS 'Central tax in rupees: what each invoice books, apportioned to its rates by taxable value x rate.';
COMMENT ON COLUMN gst_summary.sgst_amount IS 'State or union territory tax in rupees, apportioned as the central tax.';
COMMENT ON COLUMN gst_summary.igst_amount IS 'Integrated tax in rupees, apportioned as the central tax.';
COMMENT ON COLUMN gst_summary.cess_amount IS 'Cess in rupees, apportioned as the central tax, because Tally''s lines do not tell it apart.';
COMMENT ON COLUMN gst_summary.tax_amount IS 'Central, state and integrated tax and cess together, in rupees.';

COMMENT ON VIEW party_totals IS
  'Invoices and amounts per company, financial year, party and direction, net of notes; cancelled and optional vouchers and those that Tally no longer has are left out.';
COMMENT ON COLUMN party_totals.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN party_totals.company_name IS 'Name of the company in Tally.';
COMMENT ON COLUMN party_totals.financial_year IS 'Financial year, April to March, such as 2024-25.';
COMMENT ON COLUMN party_totals.party_name IS 'Customer or supplier as the vouchers name it; null where they name none.';
COMMENT ON COLUMN party_totals.party_gstin IS 'GSTIN of the party on these invoices; several are separated by commas.';
COMMENT ON COLUMN party_totals.direction IS 'outward for sales less credit notes, inward for purchases less debit notes.';
COMMENT ON COLUMN party_totals.invoices IS 'Number of invoices and notes.';
COMMENT ON COLUMN party_totals.taxable_amount IS 'Taxable value in rupees.';
COMMENT ON COLUMN party_totals.tax_amount IS 'Central, state and integrated tax and cess together, in rupees.';
COMMENT ON COLUMN party_totals.total_amount IS 'Value of the invoices in rupees, before tax deducted at source.';
COMMENT ON COLUMN party_totals.first_date IS 'Date of the first invoice or note.';
COMMENT ON COLUMN party_totals.last_date IS 'Date of the last invoice or note.';
