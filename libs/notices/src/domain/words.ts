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
  'not signed in time': { en: 'not signed in time', ar: 'لم يُوقَّع في الوقت المحدد', zh: '未按时签署' },
  'not paid out in time': { en: 'not paid out in time', ar: 'لم يُدفع في الوقت المحدد', zh: '未按时付款' },
};
