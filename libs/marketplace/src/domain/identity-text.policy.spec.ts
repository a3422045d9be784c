import { findIdentity } from './identity-text.policy.js';

const own = {
  names: ['Najd Glass Works LLC', 'مصنع نجد للزجاج', 'Lulu Co.', 'لولو', '云信科技有限公司', 'Noura Alharbi'],
  numbers: ['1010203040', '7001234567', 'SA0380000000608010167519'],
};
const rules = (text: string): string[] => findIdentity(text, own).map(({ rule }) => rule);

describe('a text that must name nobody', () => {
  it.each([
    ['We, Najd Glass Works, buy a furnace.', 'own_name'],
    ['we are NAJD-GLASS  works', 'own_name'],
    ['Najd Glass Works', 'own_name'],
    ['نحن ومصنع نجد للزجاج نشتري فرنا', 'own_name'],
    ['نحن مَصْنَع نـجـد للزجاج', 'own_name'],
    ['A plan of lulu for the sea', 'own_name'],
    ['我们是云信科技', 'own_name'],
    ['Ask Noura Alharbi', 'own_name'],
    ['Registered as 1010 203 040.', 'own_number'],
    ['رقم ٧٠٠١٢٣٤٥٦٧', 'own_number'],
    ['Write to owner@firm.example', 'email'],
    ['See www.firm.example', 'web_address'],
    ['Pay to GB29 NWBK 6016 1331 9268 19', 'iban'],
    ['Call +966 50 123 4567', 'phone'],
    ['Call 050 123 4567', 'phone'],
    ['اتصل ٠٥٠١٢٣٤٥٦٧', 'phone'],
    ['Call 9200 12345', 'phone'],
    ['电话 138 1234 5678', 'phone'],
  ])('%s: %s', (text, rule) => {
    expect(rules(text)).toContain(rule);
  });

  it.each([
    'A maker of building materials adds a line for 1,500,000 riyals over 24 months.',
    'Turnover grew from 12 500 000 in 2023 to 18.250.000 in 2024; 46 people; from 01-02-2025 to 30-06-2026.',
    'Two CO2 lasers, 24 kW50 motors, ISIC 2310, 92000000 SAR of orders, 0.05 percent scrap.',
    'The glass works of Najd are many; lululike shells.',
    'Invoices of 2026-01-02 and 2026-03-04 are paid within 90 days.',
    'شركة صغيرة تصنع الزجاج منذ ٢٠١٦ وتطلب ١٬٥٠٠٬٠٠٠ ريال',
    '一家小型玻璃公司需要1500000元，期限36个月。',
  ])('leaves %s', (text) => {
    expect(rules(text)).toEqual([]);
  });
});
