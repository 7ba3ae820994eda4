-- What people open first in the ledger. The registers say once what is in the books: vouchers that are neither optional nor gone.
-- The functions read them and dim_ledger, and sum up to a day. All of them have a company in each row, and join and group by
-- company_id, so that a question about one company reads one part of divided tables. They are single SELECTs without settings of
-- their own: PostgreSQL then puts them into the question that calls them, and a filter by company reaches the tables.
-- Amounts are debit positive unless a column says otherwise. What is not known stays null: nothing is summed as if it were 0.

CREATE VIEW ledger_register AS
SELECT
  e.company_id, c.name AS company_name, e.voucher_id, e.line_no, e.date,
  date_trunc('month', e.date::timestamp)::date AS month,
  to_char(e.date - interval '3 months', 'YYYY') || '-' || to_char(e.date + interval '9 months', 'YY') AS financial_year,
  v.voucher_type, v.base_type, v.voucher_number, v.reference, v.party_name,
  e.ledger_id, coalesce(l.name, e.ledger_name) AS ledger_name, l.group_name, g.path AS group_path, g.nature,
  e.amount, greatest(e.amount, 0)::numeric(18,2) AS debit, greatest(-e.amount, 0)::numeric(18,2) AS credit,
  e.currency, e.foreign_amount, e.exchange_rate, v.narration, v.master_id
FROM fact_ledger_entry e
JOIN fact_voucher v ON v.company_id = e.company_id AND v.voucher_id = e.voucher_id
LEFT JOIN dim_company c ON c.company_id = e.company_id
LEFT JOIN dim_ledger l ON l.company_id = e.company_id AND l.ledger_id = e.ledger_id
LEFT JOIN dim_group g ON g.company_id = l.company_id AND g.group_id = l.group_id
WHERE NOT v.is_optional AND NOT v.is_cancelled AND v.missing_since IS NULL;

CREATE VIEW bill_register AS
SELECT
  b.company_id, c.name AS company_name, b.voucher_id, b.line_no, b.part_no, b.date, v.voucher_type, v.base_type, v.voucher_number,
  b.ledger_id, coalesce(l.name, b.ledger_name) AS ledger_name, b.kind, b.reference, b.bill_date, b.due_date, b.amount
FROM fact_bill b
JOIN fact_voucher v ON v.company_id = b.company_id AND v.voucher_id = b.voucher_id
LEFT JOIN dim_company c ON c.company_id = b.company_id
LEFT JOIN dim_ledger l ON l.company_id = b.company_id AND l.ledger_id = b.ledger_id
WHERE NOT v.is_optional AND NOT v.is_cancelled AND v.missing_since IS NULL;

-- An invoice and a note that share a tracking number and an item are one movement, which the note makes (docs/tally.md §9.4).
CREATE VIEW stock_register AS
SELECT
  s.company_id, c.name AS company_name, s.voucher_id, s.line_no, s.date, v.voucher_type, v.base_type, v.voucher_number, v.party_name,
  s.item_id, coalesce(i.name, s.item_name) AS item_name, s.godown, s.batch, s.direction, s.quantity, s.unit, s.rate, s.amount,
  s.tracking_number
FROM fact_stock_entry s
JOIN fact_voucher v ON v.company_id = s.company_id AND v.voucher_id = s.voucher_id
LEFT JOIN dim_company c ON c.company_id = s.company_id
LEFT JOIN dim_stock_item i ON i.company_id = s.company_id AND i.item_id = s.item_id
WHERE NOT v.is_optional AND NOT v.is_cancelled AND v.missing_since IS NULL
  AND NOT (s.tracking_number IS NOT NULL AND v.base_type IN ('sales', 'purchase', 'credit_note', 'debit_note') AND EXISTS (
    SELECT FROM fact_stock_entry o JOIN fact_voucher n ON n.company_id = o.company_id AND n.voucher_id = o.voucher_id
    WHERE o.company_id = s.company_id AND o.tracking_number = s.tracking_number AND o.item_name = s.item_name
      AND n.base_type IN ('delivery_note', 'receipt_note', 'rejections_in', 'rejections_out')
      AND NOT n.is_optional AND NOT n.is_cancelled AND n.missing_since IS NULL));

CREATE VIEW day_book AS
SELECT
  v.company_id, c.name AS company_name, v.voucher_id, v.date,
  date_trunc('month', v.date::timestamp)::date AS month,
  to_char(v.date - interval '3 months', 'YYYY') || '-' || to_char(v.date + interval '9 months', 'YY') AS financial_year,
  v.voucher_type, v.base_type, v.voucher_number, v.reference, v.reference_date, v.party_name, v.amount, v.is_cancelled,
  v.is_post_dated, v.narration
FROM fact_voucher v
LEFT JOIN dim_company c ON c.company_id = v.company_id
WHERE NOT v.is_optional AND v.missing_since IS NULL;

CREATE FUNCTION trial_balance(as_of date)
RETURNS TABLE (
  company_id text, company_name text, ledger_id text, ledger_name text, group_name text, group_path text, nature text,
  opening_balance numeric, debits numeric, credits numeric, closing_balance numeric
) LANGUAGE sql STABLE AS $$
SELECT
  t.company_id, c.name, t.ledger_id, t.ledger_name, t.group_name, g.path, g.nature,
  t.opening_balance::numeric, t.debits::numeric, t.credits::numeric, (t.opening_balance + t.debits - t.credits)::numeric
FROM (
  SELECT
    x.company_id, x.ledger_id, coalesce(max(x.listed_name), max(x.booked_name)) AS ledger_name,
    max(x.group_id) AS group_id, max(x.group_name) AS group_name,
    sum(x.opening_balance) AS opening_balance, sum(x.debits) AS debits, sum(x.credits) AS credits
  FROM (
    SELECT
      l.company_id, l.ledger_id, l.name AS listed_name, NULL::text AS booked_name, l.group_id, l.group_name,
      l.opening_balance, 0::numeric AS debits, 0::numeric AS credits
    FROM public.dim_ledger l
    UNION ALL
    SELECT
      b.company_id, coalesce(b.ledger_id, n.ledger_id), NULL, b.ledger_name, NULL, NULL, NULL, b.debits, b.credits
    FROM (
      SELECT r.company_id, r.ledger_id, min(r.ledger_name) AS ledger_name, sum(r.debit) AS debits, sum(r.credit) AS credits
      FROM public.ledger_register r
      WHERE r.date <= $1
      GROUP BY r.company_id, r.ledger_id, CASE WHEN r.ledger_id IS NULL THEN r.ledger_name END
    ) b
    LEFT JOIN (
      SELECT d.company_id, d.name, min(d.ledger_id) AS ledger_id FROM public.dim_ledger d
      GROUP BY d.company_id, d.name HAVING count(*) = 1
    ) n ON n.company_id = b.company_id AND n.name = b.ledger_name AND b.ledger_id IS NULL
  ) x
  GROUP BY x.company_id, x.ledger_id, CASE WHEN x.ledger_id IS NULL THEN x.booked_name END
) t
LEFT JOIN public.dim_company c ON c.company_id = t.company_id
LEFT JOIN public.dim_group g ON g.company_id = t.company_id AND g.group_id = t.group_id
$$;

CREATE FUNCTION profit_and_loss(from_date date, to_date date)
RETURNS TABLE (
  company_id text, company_name text, nature text, affects_gross_profit boolean, group_name text, group_path text,
  ledger_id text, ledger_name text, amount numeric
) LANGUAGE sql STABLE AS $$
SELECT
  p.company_id, c.name, g.nature, g.affects_gross_profit, l.group_name, g.path, p.ledger_id, p.ledger_name, p.amount::numeric
FROM (
  SELECT r.company_id, r.ledger_id, min(r.ledger_name) AS ledger_name, -sum(r.amount) AS amount
  FROM public.ledger_register r
  WHERE r.date BETWEEN $1 AND $2
  GROUP BY r.company_id, r.ledger_id, CASE WHEN r.ledger_id IS NULL THEN r.ledger_name END
) p
LEFT JOIN public.dim_ledger l ON l.company_id = p.company_id AND l.ledger_id = p.ledger_id
LEFT JOIN public.dim_group g ON g.company_id = l.company_id AND g.group_id = l.group_id
LEFT JOIN public.dim_company c ON c.company_id = p.company_id
-- A ledger of which nothing says what it is stays, without a nature; Tally's own ledger has no group.
WHERE g.nature IN ('income', 'expense') OR l.ledger_id IS NULL OR (g.nature IS NULL AND l.group_name IS NOT NULL)
$$;

CREATE FUNCTION ledger_statement(ledger text, from_date date, to_date date)
RETURNS TABLE (
  company_id text, company_name text, ledger_id text, ledger_name text, date date, voucher_id text, line_no int, voucher_type text,
  voucher_number text, party_name text, narration text, debit numeric, credit numeric, balance numeric
) LANGUAGE sql STABLE AS $$
SELECT
  s.company_id, c.name, s.ledger_id, s.ledger_name, s.date, s.voucher_id, s.line_no, s.voucher_type, s.voucher_number,
  s.party_name, s.narration, s.debit::numeric, s.credit::numeric, s.balance::numeric
FROM (
  SELECT
    l.company_id, l.ledger_id, l.name AS ledger_name, $2 AS date, NULL::text AS voucher_id, NULL::int AS line_no,
    NULL::text AS voucher_type, NULL::text AS voucher_number, NULL::text AS party_name, NULL::text AS narration,
    NULL::numeric AS debit, NULL::numeric AS credit, l.opening_balance + coalesce(sum(r.amount), 0) AS balance
  FROM public.dim_ledger l
  LEFT JOIN public.ledger_register r ON r.company_id = l.company_id AND r.date < $2
    AND (r.ledger_id = l.ledger_id OR (r.ledger_id IS NULL AND r.ledger_name = l.name))
  WHERE l.name = $1
  GROUP BY l.company_id, l.ledger_id, l.name, l.opening_balance
  UNION ALL
  SELECT e.company_id, e.ledger_id, e.ledger_name, e.date, e.voucher_id, e.line_no, e.voucher_type, e.voucher_number, e.party_name,
    e.narration, e.debit, e.credit, e.balance
  FROM (
    SELECT
      l.company_id, l.ledger_id, l.name AS ledger_name, r.date, r.voucher_id, r.line_no, r.voucher_type, r.voucher_number,
      r.party_name, r.narration, r.debit, r.credit,
      l.opening_balance + sum(r.amount) OVER (
        PARTITION BY l.company_id, l.ledger_id ORDER BY r.date, r.master_id, r.voucher_id, r.line_no) AS balance
    FROM public.dim_ledger l
    JOIN public.ledger_register r ON r.company_id = l.company_id AND r.date <= $3
      AND (r.ledger_id = l.ledger_id OR (r.ledger_id IS NULL AND r.ledger_name = l.name))
    WHERE l.name = $1
  ) e
  WHERE e.date >= $2
) s
LEFT JOIN public.dim_company c ON c.company_id = s.company_id
$$;

-- The bills that are open at the end of a day, and of each party what belongs to no bill. Debit positive.
CREATE FUNCTION open_bills(as_of date)
RETURNS TABLE (
  company_id text, company_name text, ledger_id text, ledger_name text, group_name text, side text, reference text,
  bill_date date, due_date date, amount numeric
) LANGUAGE sql STABLE AS $$
WITH bills AS NOT MATERIALIZED (
  SELECT
    x.company_id, x.ledger_id, CASE WHEN x.ledger_id IS NULL THEN x.ledger_name END AS unlisted_name,
    min(x.ledger_name) AS ledger_name, x.reference, min(x.bill_date) AS bill_date,
    (array_agg(x.due_date ORDER BY x.bill_date, x.due_date))[1] AS due_date,
    CASE WHEN count(*) = count(x.amount) THEN sum(x.amount) END AS amount
  FROM (
    SELECT o.company_id, o.ledger_id, o.ledger_name, o.reference, o.bill_date, o.due_date, o.amount
    FROM public.fact_opening_bill o
    UNION ALL
    SELECT r.company_id, r.ledger_id, r.ledger_name, r.reference, r.bill_date, r.due_date, r.amount
    FROM public.bill_register r
    WHERE r.date <= $1 AND r.reference IS NOT NULL AND r.kind IS DISTINCT FROM 'on_account'
  ) x
  GROUP BY x.company_id, x.ledger_id, CASE WHEN x.ledger_id IS NULL THEN x.ledger_name END, x.reference
), on_account AS (
  SELECT t.company_id, t.ledger_id, t.closing_balance - coalesce(b.amount, 0) AS amount, b.is_unknown
  FROM public.trial_balance($1) t
  JOIN public.dim_ledger l ON l.company_id = t.company_id AND l.ledger_id = t.ledger_id
  LEFT JOIN public.dim_group g ON g.company_id = l.company_id AND g.group_id = l.group_id
  LEFT JOIN (
    SELECT s.company_id, s.ledger_id, sum(s.amount) AS amount, count(*) > count(s.amount) AS is_unknown
    FROM bills s GROUP BY s.company_id, s.ledger_id
  ) b ON b.company_id = t.company_id AND b.ledger_id = t.ledger_id
  WHERE l.is_billwise OR g.reserved_group IN ('Sundry Debtors', 'Sundry Creditors')
)
SELECT
  a.company_id, c.name, a.ledger_id, coalesce(l.name, a.ledger_name), l.group_name,
  CASE
    WHEN a.reference IS NULL AND g.reserved_group = 'Sundry Debtors' THEN 'receivable'
    WHEN a.reference IS NULL AND g.reserved_group = 'Sundry Creditors' THEN 'payable'
    WHEN a.amount >= 0 THEN 'receivable'
    WHEN a.amount < 0 THEN 'payable'
    WHEN g.nature = 'liability' THEN 'payable'
    ELSE 'receivable'
  END,
  a.reference, a.bill_date, a.due_date, a.amount::numeric
FROM (
  SELECT b.company_id, b.ledger_id, b.ledger_name, b.reference, b.bill_date, b.due_date, b.amount FROM bills b
  UNION ALL
  SELECT o.company_id, o.ledger_id, NULL, NULL, NULL, NULL, CASE WHEN o.is_unknown THEN NULL ELSE o.amount END FROM on_account o
) a
LEFT JOIN public.dim_company c ON c.company_id = a.company_id
LEFT JOIN public.dim_ledger l ON l.company_id = a.company_id AND l.ledger_id = a.ledger_id
LEFT JOIN public.dim_group g ON g.company_id = l.company_id AND g.group_id = l.group_id
WHERE a.amount IS DISTINCT FROM 0
$$;

CREATE FUNCTION receivables_ageing(as_of date)
RETURNS TABLE (
  company_id text, company_name text, ledger_id text, ledger_name text, group_name text, reference text, bill_date date,
  due_date date, age_days int, overdue_days int, bucket text, amount numeric
) LANGUAGE sql STABLE AS $$
SELECT
  b.company_id, b.company_name, b.ledger_id, b.ledger_name, b.group_name, b.reference, b.bill_date, b.due_date,
  $1 - b.bill_date, $1 - coalesce(b.due_date, b.bill_date),
  CASE
    WHEN b.reference IS NULL THEN 'on account'
    WHEN b.bill_date IS NULL THEN 'no date'
    WHEN $1 - b.bill_date <= 30 THEN '0-30'
    WHEN $1 - b.bill_date <= 60 THEN '31-60'
    WHEN $1 - b.bill_date <= 90 THEN '61-90'
    ELSE 'over 90'
  END,
  b.amount
FROM public.open_bills($1) b
WHERE b.side = 'receivable'
$$;

CREATE FUNCTION payables_ageing(as_of date)
RETURNS TABLE (
  company_id text, company_name text, ledger_id text, ledger_name text, group_name text, reference text, bill_date date,
  due_date date, age_days int, overdue_days int, bucket text, amount numeric
) LANGUAGE sql STABLE AS $$
SELECT
  b.company_id, b.company_name, b.ledger_id, b.ledger_name, b.group_name, b.reference, b.bill_date, b.due_date,
  $1 - b.bill_date, $1 - coalesce(b.due_date, b.bill_date),
  CASE
    WHEN b.reference IS NULL THEN 'on account'
    WHEN b.bill_date IS NULL THEN 'no date'
    WHEN $1 - b.bill_date <= 30 THEN '0-30'
    WHEN $1 - b.bill_date <= 60 THEN '31-60'
    WHEN $1 - b.bill_date <= 90 THEN '61-90'
    ELSE 'over 90'
  END,
  -b.amount
FROM public.open_bills($1) b
WHERE b.side = 'payable'
$$;

CREATE FUNCTION cash_and_bank(as_of date)
RETURNS TABLE (
  company_id text, company_name text, ledger_id text, ledger_name text, kind text, opening_balance numeric, debits numeric,
  credits numeric, closing_balance numeric
) LANGUAGE sql STABLE AS $$
SELECT
  t.company_id, t.company_name, t.ledger_id, t.ledger_name, CASE WHEN g.reserved_group = 'Cash-in-Hand' THEN 'cash' ELSE 'bank' END,
  t.opening_balance, t.debits, t.credits, t.closing_balance
FROM public.trial_balance($1) t
JOIN public.dim_ledger l ON l.company_id = t.company_id AND l.ledger_id = t.ledger_id
JOIN public.dim_group g ON g.company_id = l.company_id AND g.group_id = l.group_id
WHERE g.reserved_group IN ('Cash-in-Hand', 'Bank Accounts', 'Bank OD A/c', 'Bank OCC A/c')
$$;

-- A physical stock voucher says how much there is, by godown and batch: a sum over the movements is not the quantity after it.
CREATE FUNCTION stock_summary(as_of date)
RETURNS TABLE (
  company_id text, company_name text, item_id text, item_name text, group_name text, unit text, opening_quantity numeric,
  in_quantity numeric, out_quantity numeric, closing_quantity numeric, last_counted_on date
) LANGUAGE sql STABLE AS $$
SELECT
  t.company_id, c.name, t.item_id, t.item_name, t.group_name, t.unit, t.opening_quantity::numeric, t.in_quantity::numeric,
  t.out_quantity::numeric,
  CASE WHEN t.last_counted_on IS NULL THEN t.opening_quantity + t.in_quantity - t.out_quantity END, t.last_counted_on
FROM (
  SELECT
    x.company_id, x.item_id, coalesce(max(x.listed_name), max(x.moved_name)) AS item_name, max(x.group_name) AS group_name,
    coalesce(max(x.base_unit), max(x.moved_unit)) AS unit, sum(x.opening_quantity) AS opening_quantity,
    CASE WHEN count(*) = count(x.in_quantity) THEN sum(x.in_quantity) END AS in_quantity,
    CASE WHEN count(*) = count(x.out_quantity) THEN sum(x.out_quantity) END AS out_quantity,
    max(x.last_counted_on) AS last_counted_on
  FROM (
    SELECT
      i.company_id, i.item_id, i.name AS listed_name, NULL::text AS moved_name, i.group_name, i.base_unit, NULL::text AS moved_unit,
      i.opening_quantity, 0::numeric AS in_quantity, 0::numeric AS out_quantity, NULL::date AS last_counted_on
    FROM public.dim_stock_item i
    UNION ALL
    SELECT
      m.company_id, coalesce(m.item_id, n.item_id), NULL, m.item_name, NULL, NULL, m.unit, NULL, m.in_quantity, m.out_quantity,
      m.last_counted_on
    FROM (
      SELECT
        r.company_id, r.item_id, min(r.item_name) AS item_name, min(r.unit) AS unit,
        CASE WHEN bool_and(r.quantity IS NOT NULL OR r.direction <> 'in')
          THEN coalesce(sum(r.quantity) FILTER (WHERE r.direction = 'in'), 0) END AS in_quantity,
        CASE WHEN bool_and(r.quantity IS NOT NULL OR r.direction <> 'out')
          THEN coalesce(-sum(r.quantity) FILTER (WHERE r.direction = 'out'), 0) END AS out_quantity,
        max(r.date) FILTER (WHERE r.direction = 'counted') AS last_counted_on
      FROM public.stock_register r
      WHERE r.date <= $1
      GROUP BY r.company_id, r.item_id, CASE WHEN r.item_id IS NULL THEN r.item_name END
    ) m
    LEFT JOIN (
      SELECT d.company_id, d.name, min(d.item_id) AS item_id FROM public.dim_stock_item d
      GROUP BY d.company_id, d.name HAVING count(*) = 1
    ) n ON n.company_id = m.company_id AND n.name = m.item_name AND m.item_id IS NULL
  ) x
  GROUP BY x.company_id, x.item_id, CASE WHEN x.item_id IS NULL THEN x.moved_name END
) t
LEFT JOIN public.dim_company c ON c.company_id = t.company_id
$$;

COMMENT ON FUNCTION trial_balance IS 'Each ledger at the end of a day: opening when the books began, debits and credits since, and closing, debit positive.';
COMMENT ON FUNCTION profit_and_loss IS 'Ledgers of income and expense in a period, income positive and expense negative, without the change of stock.';
COMMENT ON FUNCTION ledger_statement IS 'Entries of a ledger in a period with the balance after each; the first row is the balance brought forward.';
COMMENT ON FUNCTION open_bills IS 'Bills that are open at the end of a day, debit positive, and what parties have on account, which has no reference.';
COMMENT ON FUNCTION receivables_ageing IS 'What is owed to the company at the end of a day, by bill, with its age; money on account is in rows of its own.';
COMMENT ON FUNCTION payables_ageing IS 'What the company owes at the end of a day, by bill, positive, with its age; money on account is in rows of its own.';
COMMENT ON FUNCTION cash_and_bank IS 'Ledgers of cash and banks at the end of a day, debit positive.';
COMMENT ON FUNCTION stock_summary IS 'Quantity of each stock item at the end of a day; empty after a physical stock voucher.';

COMMENT ON VIEW ledger_register IS 'Entries in the books, one row each: of vouchers that are not optional and that Tally still has.';
COMMENT ON COLUMN ledger_register.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN ledger_register.company_name IS 'Name of the company in Tally.';
COMMENT ON COLUMN ledger_register.voucher_id IS 'Tally''s GUID of the voucher.';
COMMENT ON COLUMN ledger_register.line_no IS 'Number of the entry within its voucher, from 1.';
COMMENT ON COLUMN ledger_register.date IS 'Date of the voucher.';
COMMENT ON COLUMN ledger_register.month IS 'First day of the month of the date.';
COMMENT ON COLUMN ledger_register.financial_year IS 'Financial year of the date, April to March, such as 2024-25.';
COMMENT ON COLUMN ledger_register.voucher_type IS 'Name of the voucher type in Tally.';
COMMENT ON COLUMN ledger_register.base_type IS 'Tally''s own type from which the voucher type is derived, such as sales or receipt.';
COMMENT ON COLUMN ledger_register.voucher_number IS 'Voucher number in Tally.';
COMMENT ON COLUMN ledger_register.reference IS 'Reference number of the voucher.';
COMMENT ON COLUMN ledger_register.party_name IS 'Party as the voucher names it.';
COMMENT ON COLUMN ledger_register.ledger_id IS 'Tally''s GUID of the ledger; null where Tally''s list of ledgers lacks the name.';
COMMENT ON COLUMN ledger_register.ledger_name IS 'Present name of the ledger.';
COMMENT ON COLUMN ledger_register.group_name IS 'Group of the ledger.';
COMMENT ON COLUMN ledger_register.group_path IS 'Names of all groups from the primary group down to that one.';
COMMENT ON COLUMN ledger_register.nature IS 'asset, liability, income or expense.';
COMMENT ON COLUMN ledger_register.amount IS 'Amount in rupees: debit positive, credit negative.';
COMMENT ON COLUMN ledger_register.debit IS 'Amount in rupees of a debit, else 0.';
COMMENT ON COLUMN ledger_register.credit IS 'Amount in rupees of a credit, else 0.';
COMMENT ON COLUMN ledger_register.currency IS 'Currency of the entry; the amounts are always rupees.';
COMMENT ON COLUMN ledger_register.foreign_amount IS 'Amount in that currency, signed as the amount; null for rupees.';
COMMENT ON COLUMN ledger_register.exchange_rate IS 'Rupees for one unit of that currency.';
COMMENT ON COLUMN ledger_register.narration IS 'Narration of the voucher.';
COMMENT ON COLUMN ledger_register.master_id IS 'Tally''s MASTERID of the voucher, which grows in the order of entry.';

COMMENT ON VIEW bill_register IS 'Bills that entries in the books open or settle, one row for each allocation.';
COMMENT ON COLUMN bill_register.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN bill_register.company_name IS 'Name of the company in Tally.';
COMMENT ON COLUMN bill_register.voucher_id IS 'Tally''s GUID of the voucher.';
COMMENT ON COLUMN bill_register.line_no IS 'The entry that is allocated.';
COMMENT ON COLUMN bill_register.part_no IS 'Number of the allocation within its entry, from 1.';
COMMENT ON COLUMN bill_register.date IS 'Date of the voucher.';
COMMENT ON COLUMN bill_register.voucher_type IS 'Name of the voucher type in Tally.';
COMMENT ON COLUMN bill_register.base_type IS 'Tally''s own type from which the voucher type is derived.';
COMMENT ON COLUMN bill_register.voucher_number IS 'Voucher number in Tally.';
COMMENT ON COLUMN bill_register.ledger_id IS 'Tally''s GUID of the ledger that owes or is owed.';
COMMENT ON COLUMN bill_register.ledger_name IS 'Present name of that ledger.';
COMMENT ON COLUMN bill_register.kind IS 'new, against, advance or on_account.';
COMMENT ON COLUMN bill_register.reference IS 'Reference of the bill, which with its ledger names one bill; null on account.';
COMMENT ON COLUMN bill_register.bill_date IS 'Date of the bill.';
COMMENT ON COLUMN bill_register.due_date IS 'Day on which the bill is due; null where Tally gives no period.';
COMMENT ON COLUMN bill_register.amount IS 'Amount in rupees: debit positive, credit negative.';

COMMENT ON VIEW stock_register IS 'Goods that vouchers in the books move or count, one row for each batch; an invoice whose note moves the goods is left out.';
COMMENT ON COLUMN stock_register.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN stock_register.company_name IS 'Name of the company in Tally.';
COMMENT ON COLUMN stock_register.voucher_id IS 'Tally''s GUID of the voucher.';
COMMENT ON COLUMN stock_register.line_no IS 'Number of the row within its voucher, from 1.';
COMMENT ON COLUMN stock_register.date IS 'Date of the voucher.';
COMMENT ON COLUMN stock_register.voucher_type IS 'Name of the voucher type in Tally.';
COMMENT ON COLUMN stock_register.base_type IS 'Tally''s own type from which the voucher type is derived.';
COMMENT ON COLUMN stock_register.voucher_number IS 'Voucher number in Tally.';
COMMENT ON COLUMN stock_register.party_name IS 'Party as the voucher names it.';
COMMENT ON COLUMN stock_register.item_id IS 'Tally''s GUID of the item; null where it is not known.';
COMMENT ON COLUMN stock_register.item_name IS 'Present name of the item.';
COMMENT ON COLUMN stock_register.godown IS 'Godown.';
COMMENT ON COLUMN stock_register.batch IS 'Batch.';
COMMENT ON COLUMN stock_register.direction IS 'in, out, or counted by a physical stock voucher.';
COMMENT ON COLUMN stock_register.quantity IS 'Quantity in the unit: in positive, out negative.';
COMMENT ON COLUMN stock_register.unit IS 'Unit of the quantity.';
COMMENT ON COLUMN stock_register.rate IS 'Rupees for one unit.';
COMMENT ON COLUMN stock_register.amount IS 'Value in rupees, positive for goods that come in.';
COMMENT ON COLUMN stock_register.tracking_number IS 'Number that the voucher shares with the note by which the goods moved.';

COMMENT ON VIEW day_book IS 'Vouchers of every type in the books, one row each, also cancelled ones and those that book nothing; without optional ones.';
COMMENT ON COLUMN day_book.company_id IS 'Tally''s GUID of the company.';
COMMENT ON COLUMN day_book.company_name IS 'Name of the company in Tally.';
COMMENT ON COLUMN day_book.voucher_id IS 'Tally''s GUID of the voucher.';
COMMENT ON COLUMN day_book.date IS 'Date of the voucher.';
COMMENT ON COLUMN day_book.month IS 'First day of the month of the date.';
COMMENT ON COLUMN day_book.financial_year IS 'Financial year of the date, April to March, such as 2024-25.';
COMMENT ON COLUMN day_book.voucher_type IS 'Name of the voucher type in Tally.';
COMMENT ON COLUMN day_book.base_type IS 'Tally''s own type from which the voucher type is derived.';
COMMENT ON COLUMN day_book.voucher_number IS 'Voucher number in Tally.';
COMMENT ON COLUMN day_book.reference IS 'Reference number of the voucher.';
COMMENT ON COLUMN day_book.reference_date IS 'Date of the reference.';
COMMENT ON COLUMN day_book.party_name IS 'Party as the voucher names it.';
COMMENT ON COLUMN day_book.amount IS 'Sum of the debits in rupees; 0 for a type that books nothing, such as an order.';
COMMENT ON COLUMN day_book.is_cancelled IS 'True when the voucher is cancelled in Tally; its amount is then 0.';
COMMENT ON COLUMN day_book.is_post_dated IS 'True when the voucher was marked as post-dated; it counts from its date on.';
COMMENT ON COLUMN day_book.narration IS 'Narration of the voucher.';
