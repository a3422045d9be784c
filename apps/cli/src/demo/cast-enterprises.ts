import type { CollateralKind, ProductKind, Sector } from '#kernel';

/** Where a request of the demonstration stands today. */
export type RequestStory =
  | 'draft' | 'submitted' | 'in_review' | 'information_requested' | 'returned' | 'rejected' | 'withdrawn' | 'open' | 'deciding'
  | 'expired' | 'awarded' | 'agreed' | 'disbursed';

export interface EnterpriseRole {
  readonly slug: string;
  readonly name: string;
  readonly localName: string;
  readonly sector: Sector;
  readonly isicClass: string;
  readonly region: string;
  /** Riyals a year. */
  readonly revenue: number;
  readonly staff: number;
  readonly founded: string;
  readonly flags: readonly ('women' | 'rural' | 'exporter' | 'least')[];
  readonly story: RequestStory;
  readonly product: ProductKind;
  readonly amount: number;
  readonly tenor: number;
  readonly plan: string;
}

type Row = readonly [
  slug: string, name: string, localName: string, sector: Sector, isic: string, region: string, revenue: number, staff: number, founded: string,
  flags: string, story: RequestStory, product: ProductKind, amount: number, tenor: number, plan: string,
];

/** Forty made-up firms of every size and flag. Names are invented; no row describes a real firm. */
const rows: readonly Row[] = [
  ['najd-glass', 'Najd Glass Works', 'مصنع نجد للزجاج', 'C', '2310', 'SA-01', 18_500_000, 46, '2016-03-01', '', 'deciding', 'term_loan', 1_200_000, 36, 'a second line for tempered glass'],
  ['basma-bakery', 'Basma Bakery', 'مخبز بسمة', 'C', '1071', 'SA-01', 1_900_000, 14, '2021-06-15', 'women', 'open', 'murabaha', 150_000, 24, 'two ovens and a delivery van'],
  ['rawabi-dates', 'Rawabi Dates', 'تمور الروابي', 'A', '0122', 'SA-05', 4_200_000, 22, '2014-10-01', 'rural,exporter', 'open', 'term_loan', 600_000, 48, 'cold storage beside the palm groves'],
  ['jisr-contracting', 'Jisr Contracting', 'جسر للمقاولات', 'F', '4100', 'SA-02', 62_000_000, 180, '2009-01-20', '', 'disbursed', 'term_loan', 4_000_000, 48, 'formwork for a school contract'],
  ['hala-clinic', 'Hala Family Clinic', 'عيادة هلا للأسرة', 'Q', '8620', 'SA-02', 6_800_000, 31, '2018-09-09', 'women', 'disbursed', 'term_loan', 900_000, 48, 'an X-ray room'],
  ['sadu-textiles', 'Sadu Textiles', 'منسوجات السدو', 'C', '1392', 'SA-06', 2_600_000, 19, '2019-02-11', 'women,rural', 'agreed', 'murabaha', 250_000, 36, 'looms for a hotel order'],
  ['barq-logistics', 'Barq Logistics', 'برق للخدمات اللوجستية', 'H', '4923', 'SA-04', 23_000_000, 75, '2015-11-30', '', 'awarded', 'term_loan', 2_500_000, 48, 'eight refrigerated lorries'],
  ['lulu-fish', 'Lulu Fish Farm', 'مزرعة لولو السمكية', 'A', '0321', 'SA-09', 3_400_000, 27, '2017-05-05', 'rural,exporter', 'agreed', 'term_loan', 700_000, 60, 'nets and a feeding system'],
  ['minbar-media', 'Minbar Media', 'منبر للإعلام', 'J', '5911', 'SA-01', 5_100_000, 24, '2020-01-01', '', 'expired', 'term_loan', 800_000, 24, 'studio equipment'],
  ['wurud-events', 'Wurud Events', 'ورود للفعاليات', 'N', '8230', 'SA-02', 2_200_000, 12, '2022-03-03', 'women', 'expired', 'working_capital_line', 300_000, 12, 'deposits for the wedding season'],
  ['samaa-solar', 'Samaa Solar', 'سماء للطاقة الشمسية', 'D', '3510', 'SA-01', 12_500_000, 38, '2018-07-07', '', 'open', 'term_loan', 3_000_000, 60, 'panels for three farms'],
  ['ghaith-water', 'Ghaith Water Systems', 'غيث لأنظمة المياه', 'E', '3600', 'SA-03', 9_700_000, 41, '2013-04-18', 'rural', 'open', 'term_loan', 1_500_000, 48, 'a desalination unit for villages'],
  ['durra-jewels', 'Durra Jewels', 'درة للمجوهرات', 'G', '4773', 'SA-02', 7_300_000, 16, '2012-12-12', 'women', 'deciding', 'working_capital_line', 500_000, 12, 'stock before the feast'],
  ['tahlil-labs', 'Tahlil Laboratories', 'مختبرات تحليل', 'M', '7120', 'SA-04', 4_900_000, 29, '2019-08-21', '', 'deciding', 'term_loan', 750_000, 36, 'a mass spectrometer'],
  ['naql-taxi', 'Naql City Taxi', 'نقل لسيارات الأجرة', 'H', '4922', 'SA-01', 3_800_000, 33, '2020-10-10', '', 'in_review', 'lease', 900_000, 36, 'fifteen hybrid cars'],
  ['zahra-school', 'Zahra Private School', 'مدرسة زهرة الأهلية', 'P', '8521', 'SA-03', 11_000_000, 88, '2008-08-25', 'women', 'in_review', 'term_loan', 2_000_000, 60, 'a science wing'],
  ['mazra-organic', 'Mazra Organic', 'مزرعة العضوية', 'A', '0113', 'SA-05', 900_000, 5, '2023-01-15', 'rural,women', 'submitted', 'term_loan', 120_000, 36, 'greenhouses'],
  ['khashab-furniture', 'Khashab Furniture', 'خشب للأثاث', 'C', '3100', 'SA-04', 15_200_000, 49, '2011-02-02', '', 'submitted', 'murabaha', 1_100_000, 36, 'a panel saw'],
  ['rafeeq-care', 'Rafeeq Home Care', 'رفيق للرعاية المنزلية', 'Q', '8810', 'SA-01', 2_700_000, 26, '2021-11-11', 'women', 'information_requested', 'working_capital_line', 200_000, 12, 'salaries before insurers pay'],
  ['maeen-print', 'Maeen Printing', 'معين للطباعة', 'C', '1811', 'SA-02', 6_100_000, 28, '2010-06-01', '', 'information_requested', 'term_loan', 450_000, 24, 'a digital press'],
  ['qalam-books', 'Qalam Books', 'قلم للكتب', 'G', '4761', 'SA-01', 1_400_000, 8, '2019-04-23', '', 'returned', 'working_capital_line', 100_000, 12, 'stock for the book fair'],
  ['bahr-diving', 'Bahr Diving Centre', 'مركز بحر للغوص', 'R', '9319', 'SA-09', 1_100_000, 9, '2022-05-30', '', 'returned', 'term_loan', 180_000, 36, 'a boat'],
  ['sahm-trading', 'Sahm General Trading', 'سهم للتجارة العامة', 'G', '4690', 'SA-01', 8_800_000, 21, '2016-09-19', '', 'rejected', 'term_loan', 6_000_000, 36, 'general purposes'],
  ['ufuq-travel', 'Ufuq Travel', 'أفق للسفر', 'N', '7911', 'SA-02', 3_300_000, 15, '2017-07-17', '', 'rejected', 'working_capital_line', 250_000, 12, 'deposits for airlines'],
  ['nuzha-parks', 'Nuzha Amusement', 'نزهة للترفيه', 'R', '9321', 'SA-04', 5_600_000, 40, '2018-02-28', '', 'withdrawn', 'term_loan', 1_300_000, 48, 'an indoor hall'],
  ['silk-road', 'Silk Road Spices', 'بهارات طريق الحرير', 'G', '4630', 'SA-02', 4_700_000, 18, '2013-03-13', 'exporter', 'withdrawn', 'working_capital_line', 400_000, 12, 'import of cardamom'],
  ['hirfa-leather', 'Hirfa Leather', 'حرفة للجلود', 'C', '1512', 'SA-03', 750_000, 6, '2023-09-01', 'women,rural', 'draft', 'term_loan', 90_000, 24, 'sewing machines'],
  ['mihan-training', 'Mihan Training', 'مهن للتدريب', 'P', '8549', 'SA-01', 2_100_000, 13, '2020-02-20', '', 'draft', 'working_capital_line', 150_000, 12, 'a contract with a ministry'],
  ['raqam-software', 'Raqam Software', 'رقم للبرمجيات', 'J', '6201', 'SA-01', 7_900_000, 44, '2019-12-01', '', 'open', 'term_loan', 1_000_000, 24, 'a cloud product for clinics'],
  ['warsha-auto', 'Warsha Auto Service', 'ورشة لخدمة السيارات', 'G', '4520', 'SA-04', 3_100_000, 23, '2014-04-04', '', 'open', 'murabaha', 350_000, 36, 'lifts and diagnosis'],
  ['asala-horses', 'Asala Horse Stables', 'إسطبلات أصالة', 'R', '9312', 'SA-01', 1_700_000, 11, '2018-10-18', 'rural', 'open', 'term_loan', 200_000, 36, 'a riding hall'],
  ['tuyur-poultry', 'Tuyur Poultry', 'طيور للدواجن', 'A', '0146', 'SA-05', 14_000_000, 55, '2011-11-01', 'rural', 'open', 'term_loan', 2_200_000, 60, 'a hatchery'],
  ['madina-pharma', 'Madina Pharma Supply', 'المدينة للمستلزمات الطبية', 'G', '4649', 'SA-03', 28_000_000, 60, '2010-10-10', '', 'open', 'working_capital_line', 2_000_000, 12, 'hospital orders'],
  ['nabta-nursery', 'Nabta Nursery', 'مشتل نبتة', 'A', '0130', 'SA-06', 600_000, 4, '2024-02-01', 'women,rural', 'open', 'term_loan', 60_000, 24, 'irrigation'],
  ['sina-robotics', 'Sina Robotics', 'سينا للروبوتات', 'C', '2829', 'SA-01', 2_900_000, 17, '2022-08-08', '', 'open', 'equity', 1_500_000, 0, 'a sorting robot for dates'],
  ['marsa-boats', 'Marsa Boat Yard', 'مرسى لصناعة القوارب', 'C', '3012', 'SA-09', 5_300_000, 34, '2015-05-15', '', 'open', 'term_loan', 800_000, 48, 'a slipway'],
  ['zad-catering', 'Zad Catering', 'زاد للإعاشة', 'I', '5621', 'SA-02', 19_000_000, 120, '2012-01-09', '', 'open', 'term_loan', 1_800_000, 36, 'a central kitchen for pilgrims'],
  ['hisn-security', 'Hisn Security Systems', 'حصن لأنظمة الأمن', 'N', '8020', 'SA-04', 8_200_000, 37, '2016-06-06', '', 'open', 'working_capital_line', 600_000, 12, 'cameras for a mall'],
  ['rimth-camels', 'Rimth Camel Milk', 'رمث لحليب الإبل', 'A', '0141', 'SA-08', 1_300_000, 10, '2020-09-09', 'rural,women,exporter', 'open', 'term_loan', 300_000, 48, 'a bottling line'],
  ['jabal-stone', 'Jabal Stone', 'جبل للأحجار', 'B', '0810', 'SA-11', 10_400_000, 43, '2009-09-29', 'exporter', 'open', 'term_loan', 1_600_000, 48, 'a block cutter'],
];

export const enterpriseCast: readonly EnterpriseRole[] = rows.map(([slug, name, localName, sector, isicClass, region, revenue, staff, founded, flags, story, product, amount, tenor, plan]) => ({
  slug, name, localName, sector, isicClass, region, revenue, staff, founded, flags: flags.split(',').filter(Boolean) as EnterpriseRole['flags'], story, product, amount, tenor, plan,
}));

/** What a firm can give as security, by its product. */
export function collateralOf({ product }: EnterpriseRole): readonly CollateralKind[] {
  return product === 'equity' ? ['none'] : product === 'working_capital_line' ? ['receivables', 'personal_guarantee'] : ['equipment', 'personal_guarantee'];
}
