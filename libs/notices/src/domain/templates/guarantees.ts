import { defineTemplates } from '../template.js';

/** Messages about guarantees, to lenders and enterprises. */
export const guaranteeTemplates = defineTemplates({
  guarantee_accreditation: {
    topic: 'guarantee',
    en: {
      title: 'Accreditation with a guarantee scheme',
      body: 'Your accreditation with “{scheme}” is now: {status}. {reason}',
    },
    ar: { title: 'الاعتماد لدى برنامج الضمان', body: 'حالة اعتمادكم لدى «{scheme}» الآن: {status}. {reason}' },
    zh: { title: '担保计划资格', body: '贵机构在“{scheme}”的资格状态现为：{status}。{reason}' },
  },
  guarantee_approved: {
    topic: 'guarantee',
    en: {
      title: 'A guarantee was approved',
      body: '“{scheme}” approved the guarantee. {reason} A letter of intent can now be drawn for the offer.',
    },
    ar: {
      title: 'تمت الموافقة على الضمان',
      body: 'وافق «{scheme}» على الضمان. {reason} يمكن الآن إصدار خطاب النوايا للعرض.',
    },
    zh: { title: '担保已获批准', body: '“{scheme}”已批准该担保。{reason} 现在可为该报价出具意向书。' },
  },
  guarantee_declined: {
    topic: 'guarantee',
    en: {
      title: 'A guarantee was declined',
      body: '“{scheme}” declined the guarantee under the clauses {clauses}: {reason} You can apply again when they are met, or appeal.',
    },
    ar: {
      title: 'رُفض طلب الضمان',
      body: 'رفض «{scheme}» الضمان بموجب البنود {clauses}: {reason} يمكنكم التقديم من جديد بعد استيفائها أو التظلم.',
    },
    zh: {
      title: '担保申请被拒绝',
      body: '“{scheme}”依据条款 {clauses} 拒绝了该担保：{reason} 满足条款后可再次申请，也可申诉。',
    },
  },
  guaranteed_candidate: {
    topic: 'guarantee',
    en: {
      title: 'A request on your list could be guaranteed',
      body: 'Nobody has bid yet on a request that fits what you fund. Schemes that you are accredited with could cover it: {schemes}. Offers with a guarantee are taken until {closesAt}.',
    },
    ar: {
      title: 'طلب في قائمتكم يمكن ضمانه',
      body: 'لم يتقدم أحد بعد بعرض على طلب يطابق ما تموّلونه. يمكن لبرامج الضمان المعتمدين لديها أن تغطيه: {schemes}. تُقبل العروض المضمونة حتى {closesAt}.',
    },
    zh: {
      title: '您列表中的一项申请可获担保',
      body: '一项符合贵机构融资范围的申请尚无人报价。贵机构已获准入的担保计划可为其提供担保：{schemes}。带担保的报价截止于 {closesAt}。',
    },
  },
  guarantee_issued: {
    topic: 'guarantee',
    en: {
      title: 'A guarantee was issued',
      body: 'Guarantee {number} was issued. It is in force when the loan is disbursed and the fee is paid.',
    },
    ar: { title: 'صدر الضمان', body: 'صدر الضمان رقم {number}. يسري عند صرف التمويل وسداد الرسم.' },
    zh: { title: '担保已出具', body: '担保 {number} 已出具。放款并缴清担保费后生效。' },
  },
  guarantee_in_force: {
    topic: 'guarantee',
    en: { title: 'A guarantee is in force', body: 'Guarantee {number} is in force.' },
    ar: { title: 'الضمان ساري المفعول', body: 'الضمان رقم {number} ساري المفعول.' },
    zh: { title: '担保已生效', body: '担保 {number} 已生效。' },
  },
  guarantee_released: {
    topic: 'guarantee',
    en: { title: 'A guarantee was released', body: 'Guarantee {number} was released: {reason}' },
    ar: { title: 'تم تحرير الضمان', body: 'تم تحرير الضمان رقم {number}: {reason}' },
    zh: { title: '担保已解除', body: '担保 {number} 已解除：{reason}' },
  },
  guarantee_notice: {
    topic: 'guarantee',
    en: {
      title: 'A guarantee will lapse unless you act',
      body: 'Guarantee {number} lapses on {until} unless this is cured before: {reason}',
    },
    ar: {
      title: 'سيسقط الضمان ما لم تتخذوا إجراءً',
      body: 'يسقط الضمان رقم {number} في {until} ما لم يُعالج قبل ذلك ما يلي: {reason}',
    },
    zh: { title: '如不处理担保将失效', body: '如未在此之前补救，担保 {number} 将于 {until} 失效：{reason}' },
  },
  guarantee_lapsed: {
    topic: 'guarantee',
    en: { title: 'A guarantee has lapsed', body: 'Guarantee {number} has lapsed: {reason}' },
    ar: { title: 'سقط الضمان', body: 'سقط الضمان رقم {number}: {reason}' },
    zh: { title: '担保已失效', body: '担保 {number} 已失效：{reason}' },
  },
  guarantee_amended: {
    topic: 'guarantee',
    en: { title: 'A guarantee was amended', body: 'Guarantee {number} was amended: {reason}' },
    ar: { title: 'تم تعديل الضمان', body: 'تم تعديل الضمان رقم {number}: {reason}' },
    zh: { title: '担保已变更', body: '担保 {number} 已变更：{reason}' },
  },
  guarantee_fee_due: {
    topic: 'guarantee',
    en: {
      title: 'Guarantee fees are due',
      body: '{count} guarantee fees were billed, {amount} in all. They are due on {due}.',
    },
    ar: { title: 'رسوم ضمان مستحقة', body: 'صدرت {count} من رسوم الضمان بمبلغ إجمالي {amount}، وتستحق في {due}.' },
    zh: { title: '担保费到期', body: '已开具 {count} 笔担保费，合计 {amount}，到期日 {due}。' },
  },
});
