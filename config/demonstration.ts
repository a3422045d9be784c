import type { PrintedLanguage } from '#platform';

/** The same words in each language of the portal. */
export type Words = Readonly<Record<PrintedLanguage, string>>;

/** The people of the demonstration market by whom a visitor can sign in; only a sandbox knows them. */
export interface DemoLogin {
  readonly role: Words;
  readonly organisation: string;
  readonly email: string;
  readonly password: string;
  readonly whatToTry: Words;
}

/** One password for all of them: it protects nothing but made-up data. */
export const demoPassword = 'riyadh-market-day';

const login = (role: Words, organisation: string, email: string, whatToTry: Words): DemoLogin => ({
  role,
  organisation,
  email,
  password: demoPassword,
  whatToTry,
});

export const demoLogins: readonly DemoLogin[] = [
  login(
    { en: 'SME signatory', ar: 'المفوّض بالتوقيع في المنشأة', zh: '企业签字人' },
    'Najd Glass Works',
    'owner@najd-glass.example',
    {
      en: 'GET /v1/requests, then the comparison of the request that is open',
      ar: 'GET /v1/requests ثم مقارنة عروض الطلب المفتوح',
      zh: 'GET /v1/requests，然后查看开放申请的报价比较',
    },
  ),
  login({ en: 'bank maker', ar: 'مُعِدّ في البنك', zh: '银行经办人' }, 'Wadi Bank', 'maker@wadi-bank.example', {
    en: 'GET /v1/market/requests and make an offer',
    ar: 'GET /v1/market/requests ثم تقديم عرض',
    zh: 'GET /v1/market/requests，然后提交报价',
  }),
  login({ en: 'bank checker', ar: 'مُدقّق في البنك', zh: '银行复核人' }, 'Wadi Bank', 'checker@wadi-bank.example', {
    en: 'approve offers above the maker’s limit, auto-bid rules and limits',
    ar: 'اعتماد العروض التي تتجاوز حد المُعِدّ، وقواعد العروض الآلية والحدود',
    zh: '批准超出经办人限额的报价、自动报价规则和额度',
  }),
  login({ en: 'reviewer', ar: 'مراجع', zh: '审核员' }, 'SME Authority', 'reviewer1@authority.example', {
    en: 'GET /v1/review-cases: the queue by time left',
    ar: 'GET /v1/review-cases قائمة الانتظار مرتبة بالوقت المتبقي',
    zh: 'GET /v1/review-cases：按剩余时间排列的队列',
  }),
  login({ en: 'review lead', ar: 'رئيس المراجعة', zh: '审核主管' }, 'SME Authority', 'lead@authority.example', {
    en: 'GET /v1/review-workload; edit the business calendar',
    ar: 'GET /v1/review-workload ثم تعديل تقويم العمل',
    zh: 'GET /v1/review-workload；编辑工作日历',
  }),
  login({ en: 'registry officer', ar: 'موظف السجل', zh: '登记官员' }, 'SME Authority', 'registry@authority.example', {
    en: 'registry of organisations',
    ar: 'سجل الجهات',
    zh: '机构登记册',
  }),
  login(
    { en: 'anchor maker', ar: 'مُعِدّ في المنشأة الكبرى', zh: '核心企业经办人' },
    'Gulf Retail Group',
    'maker@gulf-retail.example',
    {
      en: 'GET /v1/receivables?state=submitted, then propose to confirm them',
      ar: 'GET /v1/receivables?state=submitted ثم اقتراح تأكيدها',
      zh: 'GET /v1/receivables?state=submitted，然后提议确认',
    },
  ),
  login(
    { en: 'anchor checker', ar: 'مُدقّق في المنشأة الكبرى', zh: '核心企业复核人' },
    'Gulf Retail Group',
    'checker@gulf-retail.example',
    {
      en: 'GET /v1/receivable-proposals and approve what the maker proposed',
      ar: 'GET /v1/receivable-proposals واعتماد ما اقترحه المُعِدّ',
      zh: 'GET /v1/receivable-proposals，批准经办人的提议',
    },
  ),
  login({ en: 'supplier', ar: 'مورّد', zh: '供应商' }, 'Najd Glass Works', 'owner@najd-glass.example', {
    en: 'GET /v1/certificates, offer one with POST /v1/receivable-requests, compare the bids of those that closed',
    ar: 'GET /v1/certificates وعرض إحداها عبر POST /v1/receivable-requests ثم مقارنة عروض ما أُغلق',
    zh: 'GET /v1/certificates，用 POST /v1/receivable-requests 挂出一张，比较已截止者的报价',
  }),
  login(
    { en: 'supply chain financier', ar: 'ممول سلاسل الإمداد', zh: '供应链融资方' },
    'Silsila Supply Chain',
    'maker@silsila-capital.example',
    {
      en: 'GET /v1/market/requests?product=invoice_discounting and bid a discount rate in the market’s hours',
      ar: 'GET /v1/market/requests?product=invoice_discounting وتقديم معدل خصم في ساعات السوق',
      zh: 'GET /v1/market/requests?product=invoice_discounting，在市场时间内报贴现率',
    },
  ),
  login(
    { en: 'guarantor maker', ar: 'مُعِدّ لدى الضامن', zh: '担保机构经办人' },
    'National Guarantee Fund',
    'maker@guarantee-fund.example',
    {
      en: 'GET /v1/guarantees and /v1/guarantee-claims; prepare a decision on an application',
      ar: 'GET /v1/guarantees و /v1/guarantee-claims وإعداد قرار بشأن طلب',
      zh: 'GET /v1/guarantees 和 /v1/guarantee-claims；为申请准备决定',
    },
  ),
  login(
    { en: 'guarantor checker', ar: 'مُدقّق لدى الضامن', zh: '担保机构复核人' },
    'National Guarantee Fund',
    'checker@guarantee-fund.example',
    {
      en: 'approve what the maker prepared, within the limit of 5,000,000',
      ar: 'اعتماد ما أعدّه المُعِدّ ضمن حد 5,000,000',
      zh: '在 5,000,000 限额内批准经办人准备的事项',
    },
  ),
  login(
    { en: 'board member', ar: 'عضو مجلس', zh: '理事会成员' },
    'National Guarantee Fund',
    'board1@guarantee-fund.example',
    {
      en: 'the scheme’s capacity and governance (GET /v1/public/guarantee-schemes lists it); vote on motions',
      ar: 'قدرة البرنامج وحوكمته (قائمتها في GET /v1/public/guarantee-schemes) والتصويت على المقترحات',
      zh: '计划的容量与治理（见 GET /v1/public/guarantee-schemes）；对动议投票',
    },
  ),
  login({ en: 'supervisor', ar: 'جهة الإشراف', zh: '监管人员' }, 'Central Supervisor', 'reader@supervisor.example', {
    en: 'reads review cases and figures, changes nothing',
    ar: 'تقرأ ملفات المراجعة والأرقام ولا تغيّر شيئًا',
    zh: '查看审核案件与数据，不作任何更改',
  }),
];
