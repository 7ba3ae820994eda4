-- What real invoices carry beside what is booked. All of it may be null; rows of an older mapping are read again.

ALTER TABLE fact_invoice
  ADD COLUMN foreign_amount numeric(18,4),
  ADD COLUMN exchange_rate numeric(18,6),
  ADD COLUMN party_state text,
  ADD COLUMN buyer_name text,
  ADD COLUMN party_registration_type text,
  ADD COLUMN consignee_gstin text,
  ADD COLUMN consignee_state text,
  ADD COLUMN company_gstin text,
  ADD COLUMN credit_days int,
  ADD COLUMN due_date date,
  ADD COLUMN order_number text,
  ADD COLUMN order_date date,
  ADD COLUMN nature_of_return text,
  ADD COLUMN is_reverse_charge boolean,
  ADD COLUMN eway_bill_date date,
  ADD COLUMN vehicle_number text,
  ADD COLUMN irn_qr_code text;

ALTER TABLE fact_invoice_line
  ADD COLUMN description text,
  ADD COLUMN godown text,
  ADD COLUMN batch text,
  ADD COLUMN taxability text,
  ADD COLUMN type_of_supply text;

COMMENT ON COLUMN fact_invoice.foreign_amount IS 'Amount in the foreign currency, signed as the total; null for an invoice in rupees.';
COMMENT ON COLUMN fact_invoice.exchange_rate IS 'Rupees for one of the foreign currency, as Tally says it.';
COMMENT ON COLUMN fact_invoice.party_state IS 'State of the party.';
COMMENT ON COLUMN fact_invoice.buyer_name IS 'Name of the party as it is printed on the invoice.';
COMMENT ON COLUMN fact_invoice.party_registration_type IS 'GST registration type of the party, such as Regular or Unregistered/Consumer.';
COMMENT ON COLUMN fact_invoice.consignee_gstin IS 'GSTIN of whom the goods are sent to.';
COMMENT ON COLUMN fact_invoice.consignee_state IS 'State of whom the goods are sent to.';
COMMENT ON COLUMN fact_invoice.company_gstin IS 'GSTIN of the company itself on the invoice.';
COMMENT ON COLUMN fact_invoice.credit_days IS 'Days of credit, where Tally gives days or weeks.';
COMMENT ON COLUMN fact_invoice.due_date IS 'Date on which the invoice is due, as Tally gives it or counted from its credit period.';
COMMENT ON COLUMN fact_invoice.order_number IS 'Number of the order; several are separated by commas.';
COMMENT ON COLUMN fact_invoice.order_date IS 'Date of the order; null where several differ.';
COMMENT ON COLUMN fact_invoice.nature_of_return IS 'Reason of a note for the GST return, such as 01-Sales Return.';
COMMENT ON COLUMN fact_invoice.is_reverse_charge IS 'True when the tax is paid by the recipient (reverse charge); null where Tally does not say.';
COMMENT ON COLUMN fact_invoice.eway_bill_date IS 'Date of the e-way bill.';
COMMENT ON COLUMN fact_invoice.vehicle_number IS 'Vehicle of the e-way bill.';
COMMENT ON COLUMN fact_invoice.irn_qr_code IS 'Text of the QR code of the e-invoice.';
COMMENT ON COLUMN fact_invoice_line.description IS 'Description of the line, with its line breaks.';
COMMENT ON COLUMN fact_invoice_line.godown IS 'Godown of the stock; null where it is of several.';
COMMENT ON COLUMN fact_invoice_line.batch IS 'Batch of the stock, Primary Batch where none was chosen; null where it is of several.';
COMMENT ON COLUMN fact_invoice_line.taxability IS 'Taxability of the line, such as Taxable, Exempt or Nil Rated.';
COMMENT ON COLUMN fact_invoice_line.type_of_supply IS 'Goods or Services.';

-- The registers with the new columns behind the old ones; without the text of the QR code, which is some 1,000 characters.

CREATE OR REPLACE VIEW sales_register AS
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
WHERE i.invoice_type IN ('sales', 'credit_note') AND NOT i.is_optional AND i.missing_since IS NULL;

CREATE OR REPLACE VIEW purchase_register AS
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
WHERE i.invoice_type IN ('purchase', 'debit_note') AND NOT i.is_optional AND i.missing_since IS NULL;

COMMENT ON COLUMN sales_register.foreign_amount IS 'Amount in the foreign currency, signed as the total; null for an invoice in rupees.';
COMMENT ON COLUMN sales_register.exchange_rate IS 'Rupees for one of the foreign currency, as Tally says it.';
COMMENT ON COLUMN sales_register.party_state IS 'State of the customer.';
COMMENT ON COLUMN sales_register.buyer_name IS 'Name of the customer as it is printed on the invoice.';
COMMENT ON COLUMN sales_register.party_registration_type IS 'GST registration type of the customer, such as Regular or Unregistered/Consumer.';
COMMENT ON COLUMN sales_register.consignee_gstin IS 'GSTIN of whom the goods are sent to.';
COMMENT ON COLUMN sales_register.consignee_state IS 'State of whom the goods are sent to.';
COMMENT ON COLUMN sales_register.company_gstin IS 'GSTIN of the company itself on the invoice.';
COMMENT ON COLUMN sales_register.credit_days IS 'Days of credit, where Tally gives days or weeks.';
COMMENT ON COLUMN sales_register.due_date IS 'Date on which the invoice is due, as Tally gives it or counted from its credit period.';
COMMENT ON COLUMN sales_register.order_number IS 'Number of the order; several are separated by commas.';
COMMENT ON COLUMN sales_register.order_date IS 'Date of the order; null where several differ.';
COMMENT ON COLUMN sales_register.nature_of_return IS 'Reason of a note for the GST return, such as 01-Sales Return.';
COMMENT ON COLUMN sales_register.is_reverse_charge IS 'True when the tax is paid by the recipient (reverse charge); null where Tally does not say.';
COMMENT ON COLUMN sales_register.eway_bill_date IS 'Date of the e-way bill.';
COMMENT ON COLUMN sales_register.vehicle_number IS 'Vehicle of the e-way bill.';

COMMENT ON COLUMN purchase_register.foreign_amount IS 'Amount in the foreign currency, signed as the total; null for an invoice in rupees.';
COMMENT ON COLUMN purchase_register.exchange_rate IS 'Rupees for one of the foreign currency, as Tally says it.';
COMMENT ON COLUMN purchase_register.party_state IS 'State of the supplier.';
COMMENT ON COLUMN purchase_register.buyer_name IS 'Name of the supplier as it is printed on the invoice.';
COMMENT ON COLUMN purchase_register.party_registration_type IS 'GST registration type of the supplier, such as Regular or Unregistered/Consumer.';
COMMENT ON COLUMN purchase_register.consignee_gstin IS 'GSTIN of whom the goods are sent to.';
COMMENT ON COLUMN purchase_register.consignee_state IS 'State of whom the goods are sent to.';
COMMENT ON COLUMN purchase_register.company_gstin IS 'GSTIN of the company itself on the invoice.';
COMMENT ON COLUMN purchase_register.credit_days IS 'Days of credit, where Tally gives days or weeks.';
COMMENT ON COLUMN purchase_register.due_date IS 'Date on which the invoice is due, as Tally gives it or counted from its credit period.';
COMMENT ON COLUMN purchase_register.order_number IS 'Number of the order; several are separated by commas.';
COMMENT ON COLUMN purchase_register.order_date IS 'Date of the order; null where several differ.';
COMMENT ON COLUMN purchase_register.nature_of_return IS 'Reason of a note for the GST return, such as 01-Sales Return.';
COMMENT ON COLUMN purchase_register.is_reverse_charge IS 'True when the tax is paid by the recipient (reverse charge); null where Tally does not say.';
COMMENT ON COLUMN purchase_register.eway_bill_date IS 'Date of the e-way bill.';
COMMENT ON COLUMN purchase_register.vehicle_number IS 'Vehicle of the e-way bill.';
