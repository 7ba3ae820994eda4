/** A stock unit: how many decimals Tally shows, and the smaller unit of a compound one. */
export interface Unit {
  name: string;
  decimals: number;
  tail?: string;
}

/** The name of a compound unit, such as `Box of 10 Nos`. */
export const compoundName = ({ name, tail }: Unit): string => `${name} of 10 ${tail ?? ''}`;

export interface Item {
  name: string;
  unit: Unit;
  /** '' if none is set. */
  hsn: string;
  /** In ten-thousandths of a rupee. */
  price: number;
  /** GST (IGST) in whole percent. */
  gst: 0 | 5 | 12 | 18 | 28;
  /** Compensation cess in percent. */
  cess?: number;
}

const pair: Unit = { name: 'Pair', decimals: 0 };
const kg: Unit = { name: 'KG', decimals: 3 };
const nos: Unit = { name: 'Nos', decimals: 0 };
const litre: Unit = { name: 'Ltr', decimals: 2 };
const box: Unit = { name: 'Box', decimals: 0, tail: 'Nos' };
const metre: Unit = { name: 'mtr.', decimals: 2 };

export const items: readonly Item[] = [
  { name: 'Canvas Shoes "Chetak" 8/9', unit: pair, hsn: '64041990', price: 570_000, gst: 12 },
  { name: 'Rubber Slippers', unit: pair, hsn: '6402', price: 841_250, gst: 5 },
  { name: 'बासमती चावल 1121', unit: kg, hsn: '10063020', price: 960_000, gst: 5 },
  { name: 'Turmeric Powder & Spice Mix', unit: kg, hsn: '09103020', price: 1_845_500, gst: 5 },
  { name: 'Fresh Jaggery (loose)', unit: kg, hsn: '17011410', price: 520_000, gst: 0 },
  { name: 'Tata-free Salt', unit: kg, hsn: '', price: 180_000, gst: 0 },
  { name: '007 Agarbatti', unit: box, hsn: '33074100', price: 1_200_000, gst: 5 },
  { name: 'Hex Bolt 1/2" <M12>', unit: nos, hsn: '73181500', price: 8_475, gst: 18 },
  { name: "Painter's Brush", unit: nos, hsn: '96034010', price: 454_545, gst: 18 },
  { name: '₹10 Biscuit Pack', unit: box, hsn: '19053100', price: 2_160_000, gst: 18 },
  { name: ' Mustard Oil (15 kg tin) ', unit: litre, hsn: '15149120', price: 1_423_300, gst: 5 },
  { name: 'Jalapeño Sauce', unit: box, hsn: '21039040', price: 3_060_000, gst: 12 },
  { name: 'Copper Wire 1.5 sq mm', unit: metre, hsn: '85441110', price: 187_000, gst: 18 },
  { name: 'LED Tube 20W', unit: nos, hsn: '94054200', price: 1_650_000, gst: 12 },
  { name: 'Emulsion Paint\r\n(White)', unit: litre, hsn: '32091010', price: 2_250_000, gst: 18 },
  { name: 'Portland Cement 50kg', unit: nos, hsn: '25232910', price: 3_180_000, gst: 28 },
  { name: 'Car Battery 12V', unit: nos, hsn: '85071000', price: 46_500_000, gst: 28 },
  { name: 'कपास धागा 40s', unit: kg, hsn: '52051210', price: 2_785_000, gst: 5 },
  { name: 'Ledger Book A4, 200pp', unit: nos, hsn: '48201010', price: 925_000, gst: 12 },
  { name: 'Steel Almirah 6ft', unit: nos, hsn: '94032010', price: 84_000_000, gst: 18 },
];

export const cessItems: readonly Item[] = [
  { name: 'Aerated Cola 300ml', unit: box, hsn: '22021010', price: 4_320_000, gst: 28, cess: 12 },
  { name: 'Pan Masala (Zarda-free)', unit: kg, hsn: '21069020', price: 7_600_000, gst: 28, cess: 60 },
];

/** Items sold abroad; prices are in hundredths of a dollar. */
export const exportItems: readonly (Item & { foreignPrice: number })[] = [
  {
    name: 'Cardamom Export Pack',
    unit: { name: 'box', decimals: 0 },
    hsn: '09083120',
    price: 0,
    gst: 5,
    foreignPrice: 1_400,
  },
  { name: 'Hand-knotted Rug 4×6', unit: nos, hsn: '57011000', price: 0, gst: 12, foreignPrice: 21_250 },
  { name: 'Brass Diya "Lotus"', unit: nos, hsn: '74198030', price: 0, gst: 12, foreignPrice: 333 },
];

/** One row of the list of stock items. */
export interface StockItemRow {
  name: string;
  group: string;
  /** The base unit. */
  unit: Unit;
  hsn: string;
  /** `count` in ten-thousandths of the unit, `rate` in ten-thousandths of a rupee, `value` in paise. */
  opening: { count: bigint; rate: bigint; value: bigint };
}

function stockItem(item: Item, n: number, group: string, cost: number): StockItemRow {
  // Each item has an opening stock of about twenty lakh rupees, except one item in seven, which has none.
  const units = n % 7 === 6 ? 0 : Math.ceil(20_000_000_000 / cost) + n;
  const value = (BigInt(units) * BigInt(cost)) / 100n;
  const { name, unit, hsn } = item;
  return { name, group, unit, hsn, opening: { count: BigInt(units) * 10_000n, rate: BigInt(cost), value } };
}

const groupOf = ({ hsn }: Item): string => (hsn < '25' ? 'Provisions' : 'General Goods');

/** All stock items of the demo company. An item costs four fifths of its price. */
export const stockItems: readonly StockItemRow[] = [
  ...[...items, ...cessItems].map((item, n) => stockItem(item, n, groupOf(item), (item.price * 4) / 5)),
  // The price abroad is in hundredths of a dollar, so this is a cost of 65 rupees for a dollar.
  ...exportItems.map((item, n) => stockItem(item, n, 'Export Goods', item.foreignPrice * 6_500)),
];
