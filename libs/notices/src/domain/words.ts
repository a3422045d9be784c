import type { Language } from './template.js';

/** Codes of the domain that notices show, in words. A context adds its own beside them. */
export const words: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  funding_request: { en: 'funding request', ar: 'طلب تمويل', zh: '融资申请' },
  verification: { en: 'verification', ar: 'تحقق', zh: '核验' },
  guarantee_application: { en: 'guarantee application', ar: 'طلب ضمان', zh: '担保申请' },
  claim: { en: 'guarantee claim', ar: 'مطالبة بالضمان', zh: '担保索赔' },
  appeal: { en: 'appeal', ar: 'تظلّم', zh: '申诉' },
  complaint: { en: 'complaint', ar: 'شكوى', zh: '投诉' },
  tax_refund_advance: { en: 'tax refund advance', ar: 'سلفة استرداد ضريبي', zh: '退税垫款' },
  registry_hold: { en: 'look-alike receivable', ar: 'مستحق مشابه لآخر', zh: '疑似重复的应收账款' },
  upheld: { en: 'upheld', ar: 'مقبولة', zh: '成立' },
  partly_upheld: { en: 'partly upheld', ar: 'مقبولة جزئياً', zh: '部分成立' },
  rejected: { en: 'rejected', ar: 'مرفوضة', zh: '不成立' },
  unsold_early_payment: {
    en: ' The anchor pays early at a discount: ask for it.',
    ar: ' وتسدد الجهة المدينة مبكراً بخصم: يمكنكم طلب ذلك.',
    zh: '核心企业可折价提前付款，您可以提出申请。',
  },
  unsold_pool: {
    en: ' You can offer them together with your other free receivables as a pool.',
    ar: ' ويمكنكم عرضها مع مستحقاتكم الأخرى غير المرتبطة كمحفظة.',
    zh: '您可以将其与其他可用的应收账款组成资产池一起挂牌。',
  },
  unsold_guaranteed: {
    en: ' A guarantee scheme would cover them: you can list them again as a guaranteed candidate.',
    ar: ' ويمكن لبرنامج ضمان أن يغطيها: يمكنكم عرضها مجدداً بوصفها مرشحة للضمان.',
    zh: '有担保计划可为其提供担保：您可以将其作为拟担保项目重新挂牌。',
  },
  unsold_list_again: {
    en: ' You can list them again as they are.',
    ar: ' ويمكنكم عرضها مجدداً كما هي.',
    zh: '您可以原样重新挂牌。',
  },
  'not signed in time': { en: 'not signed in time', ar: 'لم يُوقَّع في الوقت المحدد', zh: '未按时签署' },
  'not paid out in time': { en: 'not paid out in time', ar: 'لم يُدفع في الوقت المحدد', zh: '未按时付款' },
};
