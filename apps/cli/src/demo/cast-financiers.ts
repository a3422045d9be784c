// size: data, one row a financier and its mandates
import { type CollateralKind, type Grade, type ProductKind, type Sector, sectors, type SizeClass } from '#kernel';

export interface FinancierRole {
  readonly slug: string;
  readonly name: string;
  readonly localName: string;
  readonly kind: 'bank' | 'non_bank_lender' | 'supply_chain_financier' | 'development_fund' | 'investor';
  readonly shariahOnly?: boolean;
  /** Percent a year; mandates vary around it. */
  readonly rate: number;
}

const role = (
  slug: string,
  name: string,
  localName: string,
  kind: FinancierRole['kind'],
  rate: number,
  shariahOnly = false,
): FinancierRole => ({ slug, name, localName, kind, rate, shariahOnly });

/** Twenty-five made-up financiers of the five kinds; none is a real institution. */
export const financierCast: readonly FinancierRole[] = [
  role('wadi-bank', 'Wadi Bank', 'بنك الوادي', 'bank', 7.4),
  role('nakhla-bank', 'Nakhla Bank', 'بنك النخلة', 'bank', 7.1, true),
  role('sahel-bank', 'Sahel Bank', 'بنك الساحل', 'bank', 7.8),
  role('hejaz-trust', 'Hejaz Trust Bank', 'بنك أمانة الحجاز', 'bank', 7.6),
  role('qasim-bank', 'Qasim Agricultural Bank', 'بنك القصيم الزراعي', 'bank', 6.9),
  role('marjan-bank', 'Marjan Bank', 'بنك المرجان', 'bank', 8.0),
  role('tuwaiq-bank', 'Tuwaiq Bank', 'بنك طويق', 'bank', 7.3, true),
  role('rimal-finance', 'Rimal Finance', 'رمال للتمويل', 'non_bank_lender', 11.5),
  role('taysir-finance', 'Taysir Finance', 'تيسير للتمويل', 'non_bank_lender', 12.4, true),
  role('masar-lending', 'Masar Digital Lending', 'مسار للتمويل الرقمي', 'non_bank_lender', 13.1),
  role('ijarah-house', 'Ijarah House', 'بيت الإجارة', 'non_bank_lender', 9.9, true),
  role('oryx-leasing', 'Oryx Leasing', 'المها للتأجير', 'non_bank_lender', 10.2),
  role('badr-finance', 'Badr Finance', 'بدر للتمويل', 'non_bank_lender', 12.0),
  role('noor-microfinance', 'Noor Microfinance', 'نور للتمويل الأصغر', 'non_bank_lender', 14.2),
  role('dana-finance', 'Dana Women’s Finance', 'دانة لتمويل المرأة', 'non_bank_lender', 9.4),
  role('silsila-capital', 'Silsila Supply Chain', 'سلسلة لتمويل التوريد', 'supply_chain_financier', 8.9),
  role('qafila-factors', 'Qafila Factors', 'قافلة للتحصيل', 'supply_chain_financier', 9.2),
  role('mina-trade', 'Mina Trade Finance', 'ميناء لتمويل التجارة', 'supply_chain_financier', 8.6),
  role('sanabil-fund', 'Sanabil SME Fund', 'صندوق سنابل', 'development_fund', 5.2),
  role('reef-fund', 'Reef Rural Fund', 'صندوق ريف', 'development_fund', 4.6, true),
  role('industry-fund', 'Industry Growth Fund', 'صندوق نمو الصناعة', 'development_fund', 4.9),
  role('women-fund', 'Women in Business Fund', 'صندوق المرأة للأعمال', 'development_fund', 4.8),
  role('tech-seed', 'Tech Seed Fund', 'صندوق بذرة التقنية', 'development_fund', 5.5),
  role('jadara-capital', 'Jadara Capital', 'جدارة المالية', 'investor', 15.0),
  role('masmak-ventures', 'Masmak Ventures', 'المصمك للاستثمار', 'investor', 16.5),
];

export interface MandateTerms {
  readonly name: string;
  readonly productKinds: readonly ProductKind[];
  readonly amountMin: string;
  readonly amountMax: string;
  readonly tenorMin: number;
  readonly tenorMax: number;
  readonly sectors: readonly Sector[];
  readonly regions: readonly string[];
  readonly sizeClasses: readonly SizeClass[];
  readonly gradeFloor: Grade | null;
  readonly collateral: readonly CollateralKind[];
  readonly womenLedOnly: boolean;
  readonly ruralOnly: boolean;
}

const base: Omit<MandateTerms, 'name' | 'productKinds' | 'amountMin' | 'amountMax' | 'tenorMin' | 'tenorMax'> = {
  sectors: [],
  regions: [],
  sizeClasses: [],
  gradeFloor: null,
  collateral: [],
  womenLedOnly: false,
  ruralOnly: false,
};

const pick = (index: number, count: number): readonly Sector[] =>
  Array.from({ length: count }, (_, n) => sectors[(index * 3 + n * 2) % sectors.length] as Sector);

/** What each kind of financier typically funds; `index` spreads sectors and regions over the cast. */
export function mandatesOf(financier: FinancierRole, index: number): readonly MandateTerms[] {
  const asset: ProductKind = financier.shariahOnly ? 'murabaha' : 'term_loan';
  switch (financier.kind) {
    case 'bank':
      return [
        {
          ...base,
          name: 'Small and medium term finance',
          productKinds: [asset],
          amountMin: '250000.00',
          amountMax: '15000000.00',
          tenorMin: 12,
          tenorMax: 60,
          sizeClasses: ['small', 'medium'],
        },
        {
          ...base,
          name: 'Working capital',
          productKinds: ['working_capital_line'],
          amountMin: '100000.00',
          amountMax: '5000000.00',
          tenorMin: 3,
          tenorMax: 24,
          sizeClasses: ['small', 'medium'],
        },
        {
          ...base,
          name: 'Industry and contracting',
          productKinds: [asset, 'lease'],
          amountMin: '500000.00',
          amountMax: '25000000.00',
          tenorMin: 12,
          tenorMax: 84,
          sectors: ['C', 'F'],
          collateral: ['real_estate', 'equipment', 'scheme_guarantee'],
        },
        {
          ...base,
          name: 'Women-led firms',
          productKinds: [asset, 'working_capital_line'],
          amountMin: '100000.00',
          amountMax: '3000000.00',
          tenorMin: 6,
          tenorMax: 60,
          womenLedOnly: true,
        },
        {
          ...base,
          name: 'Chosen sectors',
          productKinds: [asset, 'working_capital_line'],
          amountMin: '150000.00',
          amountMax: '8000000.00',
          tenorMin: 6,
          tenorMax: 48,
          sectors: pick(index, 5),
        },
      ];
    case 'non_bank_lender':
      return [
        {
          ...base,
          name: 'Fast small loans',
          productKinds: [asset],
          amountMin: '20000.00',
          amountMax: '1500000.00',
          tenorMin: 3,
          tenorMax: 36,
        },
        {
          ...base,
          name: 'Micro firms',
          productKinds: [asset, 'working_capital_line'],
          amountMin: '10000.00',
          amountMax: '300000.00',
          tenorMin: 3,
          tenorMax: 24,
          sizeClasses: ['micro', 'small'],
        },
        {
          ...base,
          name: 'Equipment',
          productKinds: ['lease', 'murabaha'],
          amountMin: '50000.00',
          amountMax: '4000000.00',
          tenorMin: 12,
          tenorMax: 60,
          collateral: ['equipment', 'personal_guarantee'],
        },
        {
          ...base,
          name: 'Women-led firms',
          productKinds: [asset],
          amountMin: '20000.00',
          amountMax: '1000000.00',
          tenorMin: 6,
          tenorMax: 48,
          womenLedOnly: true,
        },
      ];
    case 'supply_chain_financier':
      return [
        {
          ...base,
          name: 'Invoices of confirmed debtors',
          productKinds: ['invoice_discounting', 'receivables_pool'],
          amountMin: '10000.00',
          amountMax: '20000000.00',
          tenorMin: 0,
          tenorMax: 6,
        },
        {
          ...base,
          name: 'Orders of large buyers',
          productKinds: ['order_finance'],
          amountMin: '50000.00',
          amountMax: '5000000.00',
          tenorMin: 1,
          tenorMax: 12,
        },
        {
          ...base,
          name: 'Working capital of traders',
          productKinds: ['working_capital_line'],
          amountMin: '50000.00',
          amountMax: '3000000.00',
          tenorMin: 3,
          tenorMax: 12,
          sectors: ['C', 'G', 'H'],
        },
        {
          ...base,
          name: 'Tax refunds',
          productKinds: ['tax_refund_advance'],
          amountMin: '10000.00',
          amountMax: '2000000.00',
          tenorMin: 0,
          tenorMax: 6,
        },
      ];
    case 'development_fund':
      return [
        {
          ...base,
          name: 'Growth of small firms',
          productKinds: [asset],
          amountMin: '100000.00',
          amountMax: '6000000.00',
          tenorMin: 24,
          tenorMax: 120,
          sizeClasses: ['micro', 'small', 'medium'],
        },
        {
          ...base,
          name: 'Rural firms',
          productKinds: [asset, 'lease'],
          amountMin: '20000.00',
          amountMax: '3000000.00',
          tenorMin: 12,
          tenorMax: 120,
          ruralOnly: true,
        },
        {
          ...base,
          name: 'Women-led growth',
          productKinds: [asset],
          amountMin: '50000.00',
          amountMax: '4000000.00',
          tenorMin: 12,
          tenorMax: 96,
          womenLedOnly: true,
        },
        {
          ...base,
          name: 'Chosen sectors',
          productKinds: [asset, 'equity'],
          amountMin: '200000.00',
          amountMax: '10000000.00',
          tenorMin: 12,
          tenorMax: 120,
          sectors: pick(index, 4),
        },
      ];
    case 'investor':
      return [
        {
          ...base,
          name: 'Growth equity',
          productKinds: ['equity'],
          amountMin: '500000.00',
          amountMax: '20000000.00',
          tenorMin: 0,
          tenorMax: 120,
        },
        {
          ...base,
          name: 'Technology',
          productKinds: ['equity'],
          amountMin: '200000.00',
          amountMax: '5000000.00',
          tenorMin: 0,
          tenorMax: 120,
          sectors: ['J', 'M'],
        },
        {
          ...base,
          name: 'Venture loans',
          productKinds: ['term_loan'],
          amountMin: '300000.00',
          amountMax: '3000000.00',
          tenorMin: 12,
          tenorMax: 36,
          sectors: ['J', 'M', 'C'],
        },
        {
          ...base,
          name: 'Health and learning',
          productKinds: ['equity', 'term_loan'],
          amountMin: '300000.00',
          amountMax: '6000000.00',
          tenorMin: 12,
          tenorMax: 60,
          sectors: ['P', 'Q'],
        },
      ];
  }
}
