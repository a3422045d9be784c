/** The four parts under which the principles stand. */
export const principlePillars = {
  framework: 'Legal and regulatory framework',
  governance: 'Corporate governance and risk management',
  operations: 'Operational framework',
  monitoring: 'Monitoring and evaluation',
} as const;
export type PrinciplePillar = keyof typeof principlePillars;

export interface Principle {
  readonly number: number;
  readonly pillar: PrinciplePillar;
  /** The principle in short, in our words. */
  readonly statement: { readonly en: string; readonly ar: string; readonly zh: string };
}

const principle = (number: number, pillar: PrinciplePillar, en: string, ar: string, zh: string): Principle => ({
  number,
  pillar,
  statement: { en, ar, zh },
});

/**
 * The sixteen principles for public credit guarantee schemes (World Bank and FIRST Initiative, 2015), by their numbers. The words are ours;
 * the publication has the full text.
 */
export const principles: readonly Principle[] = [
  principle(
    1,
    'framework',
    'An independent legal entity on a clear legal basis',
    'كيان قانوني مستقل بأساس نظامي واضح',
    '依法设立的独立法人，法律基础明确',
  ),
  principle(2, 'framework', 'Adequate funding, its sources disclosed', 'تمويل كافٍ معلن المصادر', '资金充足，来源公开'),
  principle(
    3,
    'framework',
    'Mixed ownership, minority contributors treated fairly',
    'ملكية مختلطة ومعاملة عادلة للمساهمين الأقل',
    '出资多元，公平对待少数出资人',
  ),
  principle(4, 'framework', 'Independent and effective supervision', 'إشراف مستقل وفعّال', '独立有效的监管'),
  principle(
    5,
    'governance',
    'A clear mandate with strategies and goals',
    'تفويض واضح باستراتيجيات وأهداف',
    '职责明确，有策略和目标',
  ),
  principle(
    6,
    'governance',
    'A sound structure with an independent board',
    'حوكمة سليمة ومجلس مستقل',
    '治理健全，董事会独立',
  ),
  principle(7, 'governance', 'Internal controls that guard integrity', 'رقابة داخلية تصون النزاهة', '内部控制保障诚信'),
  principle(8, 'governance', 'Risk management over the whole enterprise', 'إدارة شاملة للمخاطر', '全面的风险管理'),
  principle(
    9,
    'operations',
    'Clear criteria for firms, lenders and instruments',
    'معايير واضحة للمنشآت والممولين والأدوات',
    '企业、贷款人和产品的准入标准明确',
  ),
  principle(
    10,
    'operations',
    'Delivery that weighs outreach, additionality and sustainability',
    'أسلوب تقديم يوازن بين الوصول والإضافة والاستدامة',
    '交付方式兼顾覆盖面、增量和可持续',
  ),
  principle(
    11,
    'operations',
    'Partial guarantees that keep incentives',
    'ضمانات جزئية تحفظ الحوافز',
    '部分担保，保持激励',
  ),
  principle(12, 'operations', 'Transparent pricing by risk', 'تسعير شفاف بحسب المخاطر', '公开透明、按风险定价'),
  principle(
    13,
    'operations',
    'An efficient, documented and transparent claim process',
    'معالجة للمطالبات فعّالة وموثقة وشفافة',
    '代偿流程高效、有据、透明',
  ),
  principle(
    14,
    'monitoring',
    'Rigorous financial reporting, audited from outside',
    'تقارير مالية دقيقة ومدققة خارجياً',
    '严格的财务报告与外部审计',
  ),
  principle(
    15,
    'monitoring',
    'Public disclosure of non-financial figures',
    'إفصاح عام عن الأرقام غير المالية',
    '公开披露非财务信息',
  ),
  principle(
    16,
    'monitoring',
    'Regular evaluation of performance, published',
    'تقييم دوري للأداء يُنشر',
    '定期评估绩效并公布',
  ),
];

/** How a principle stands by the records of this market. */
export type PrincipleStanding = 'met' | 'partly' | 'not_met';

/** One thing that was looked at, with what was found. */
export interface Evidence {
  readonly what: string;
  readonly found: string;
  readonly holds: boolean;
  /** Where it can be read. */
  readonly link?: string;
}

/** Met when every piece of evidence holds, partly when some do. */
export function standingOf(evidence: readonly Evidence[]): PrincipleStanding {
  const holding = evidence.filter(({ holds }) => holds).length;
  if (holding === evidence.length && holding > 0) return 'met';
  return holding > 0 ? 'partly' : 'not_met';
}
