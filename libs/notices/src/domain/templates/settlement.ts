// size: one table of every message of certificates and settlement in three languages.
import { defineTemplates } from '../template.js';

/** Messages about certificates, early payment, assignments and payments. */
export const settlementTemplates = defineTemplates({
  certificate_transfer_waits: {
    topic: 'receivable',
    en: {
      title: 'A transfer waits for your signature',
      body: '{count} transfers of a certificate wait for a second signatory.',
    },
    ar: { title: 'تحويل ينتظر توقيعكم', body: '{count} من تحويلات الشهادة تنتظر توقيعاً ثانياً.' },
    zh: { title: '转让待您签署', body: '有 {count} 笔凭证转让等待第二位授权人签署。' },
  },
  certificate_offered: {
    topic: 'receivable',
    en: {
      title: 'A certificate was passed on to you',
      body: 'A customer passes a payment claim on an anchor to you. Accept or refuse it by {until}.',
    },
    ar: {
      title: 'أُحيلت إليكم شهادة',
      body: 'يحيل إليكم عميل حقاً في الدفع على جهة كبرى. اقبلوه أو ارفضوه قبل {until}.',
    },
    zh: { title: '有凭证转让给您', body: '客户将对核心企业的债权转让给您，请在 {until} 前接受或拒绝。' },
  },
  certificate_transfer_accepted: {
    topic: 'receivable',
    en: { title: 'Your transfer was accepted', body: '{count} of your transfers were accepted.' },
    ar: { title: 'قُبل تحويلكم', body: 'تم قبول {count} من تحويلاتكم.' },
    zh: { title: '您的转让已被接受', body: '您的 {count} 笔转让已被接受。' },
  },
  certificate_transfer_refused: {
    topic: 'receivable',
    en: {
      title: 'Your transfer was refused',
      body: '{count} of your transfers were refused; the amounts are free again.',
    },
    ar: { title: 'رُفض تحويلكم', body: 'رُفض {count} من تحويلاتكم، والمبالغ متاحة من جديد.' },
    zh: { title: '您的转让被拒绝', body: '您的 {count} 笔转让被拒绝，金额已恢复可用。' },
  },
  early_payment_agreed: {
    topic: 'receivable',
    en: { title: 'You will be paid early', body: 'The anchor pays your certificate early, on {payOn}.' },
    ar: { title: 'سيُدفع لكم مبكراً', body: 'تدفع الجهة شهادتكم مبكراً في {payOn}.' },
    zh: { title: '您将提前收款', body: '核心企业将于 {payOn} 提前支付您的凭证。' },
  },
  early_payment_refused: {
    topic: 'receivable',
    en: {
      title: 'Your ask was not served',
      body: 'The money of {payOn} went to better rates. The certificate is free.',
    },
    ar: { title: 'لم يُلبَّ طلبكم', body: 'ذهبت أموال {payOn} إلى أسعار أفضل. الشهادة متاحة.' },
    zh: { title: '您的请求未获满足', body: '{payOn} 的资金已分配给更优报价，凭证仍可自由使用。' },
  },
  early_payment_owed: {
    topic: 'receivable',
    en: {
      title: 'An early payment is to be made',
      body: 'You pay a certificate early on {payOn} under the reference {reference}.',
    },
    ar: { title: 'دفعة مبكرة مستحقة', body: 'تدفعون شهادة مبكراً في {payOn} بالمرجع {reference}.' },
    zh: { title: '有提前付款待支付', body: '您将于 {payOn} 以参考号 {reference} 提前支付一张凭证。' },
  },
  early_payment_lapsed: {
    topic: 'receivable',
    en: {
      title: 'An early payment did not come',
      body: 'The early payment of {payOn} was not made; the certificate is free again.',
    },
    ar: { title: 'لم تصل دفعة مبكرة', body: 'لم تُسدَّد الدفعة المبكرة في {payOn}؛ الشهادة متاحة من جديد.' },
    zh: { title: '提前付款未到账', body: '{payOn} 的提前付款未支付，凭证恢复自由。' },
  },
  assignment_notice: {
    topic: 'receivable',
    en: {
      title: 'Notice of assignment',
      body: 'What you have confirmed now belongs to {assignee}. Acknowledge the notice; you pay as before to the settlement account.',
    },
    ar: {
      title: 'إشعار حوالة',
      body: 'ما أكدتموه أصبح حقاً لـ {assignee}. أقرّوا بالإشعار؛ ويبقى الدفع إلى حساب التسوية.',
    },
    zh: { title: '债权转让通知', body: '您确认的款项现归 {assignee} 所有。请确认收到通知，付款仍付至结算账户。' },
  },
  assignment_notice_reminder: {
    topic: 'receivable',
    en: { title: 'A notice of assignment waits', body: 'Reminder {count}: acknowledge the notice of assignment.' },
    ar: { title: 'إشعار حوالة ينتظر', body: 'تذكير {count}: يرجى الإقرار بإشعار الحوالة.' },
    zh: { title: '债权转让通知待确认', body: '第 {count} 次提醒：请确认债权转让通知。' },
  },
  assignment_notice_withdrawn: {
    topic: 'receivable',
    en: {
      title: 'A notice of assignment is withdrawn',
      body: 'A sale was undone. You pay as before to the settlement account.',
    },
    ar: { title: 'سُحب إشعار حوالة', body: 'أُلغي بيع. يبقى الدفع إلى حساب التسوية.' },
    zh: { title: '债权转让通知已撤回', body: '一笔转让已撤销，付款仍付至结算账户。' },
  },
  assignment_acknowledged: {
    topic: 'receivable',
    en: { title: 'The anchor has acknowledged', body: 'The anchor has acknowledged the assignment {reference}.' },
    ar: { title: 'أقرّت الجهة بالإشعار', body: 'أقرّت الجهة بالحوالة {reference}.' },
    zh: { title: '核心企业已确认通知', body: '核心企业已确认转让 {reference}。' },
  },
  assignment_undone: {
    topic: 'receivable',
    en: {
      title: 'A sale was undone',
      body: 'The sale {reference} was undone: {reason}. Everything is as it was before.',
    },
    ar: { title: 'أُلغي بيع', body: 'أُلغي البيع {reference}: {reason}. عاد كل شيء كما كان.' },
    zh: { title: '转让已撤销', body: '转让 {reference} 已撤销：{reason}。一切恢复原状。' },
  },
  first_leg_paid: {
    topic: 'receivable',
    en: {
      title: 'The price of your sale has arrived',
      body: 'The price of the sale {reference} has arrived and is being paid out to you.',
    },
    ar: { title: 'وصل ثمن بيعكم', body: 'وصل ثمن البيع {reference} ويجري دفعه إليكم.' },
    zh: { title: '您的转让价款已到账', body: '转让 {reference} 的价款已到账，正在向您支付。' },
  },
  payable_due: {
    topic: 'receivable',
    en: { title: 'A payment is due', body: 'The receivable {number} is due. Pay it under the reference {reference}.' },
    ar: { title: 'دفعة مستحقة', body: 'استحق الدين {number}. سدّدوه بالمرجع {reference}.' },
    zh: { title: '付款到期', body: '应付款 {number} 已到期，请以参考号 {reference} 付款。' },
  },
  payable_overdue: {
    topic: 'receivable',
    en: { title: 'A payment is overdue', body: 'A payment due on {dueOn} is overdue.' },
    ar: { title: 'دفعة متأخرة', body: 'تأخرت دفعة استحقت في {dueOn}.' },
    zh: { title: '付款逾期', body: '应于 {dueOn} 支付的款项已逾期。' },
  },
  payable_defaulted: {
    topic: 'receivable',
    en: { title: 'A payment has defaulted', body: 'A payment due on {dueOn} counts as defaulted.' },
    ar: { title: 'تعثرت دفعة', body: 'تُعدّ الدفعة المستحقة في {dueOn} متعثرة.' },
    zh: { title: '付款违约', body: '应于 {dueOn} 支付的款项已视为违约。' },
  },
  payment_overdue: {
    topic: 'receivable',
    en: { title: 'Your payment is overdue', body: '{name} has not paid the obligation {reference}.' },
    ar: { title: 'دفعتكم متأخرة', body: 'لم تسدّد {name} الالتزام {reference}.' },
    zh: { title: '您的付款已逾期', body: '{name} 尚未支付 {reference}。' },
  },
  repurchase_called: {
    topic: 'receivable',
    en: {
      title: 'You are to buy back what you sold',
      body: 'The sale {reference} is to be bought back by {until}: {note}',
    },
    ar: { title: 'عليكم إعادة شراء ما بعتم', body: 'يجب إعادة شراء البيع {reference} قبل {until}: {note}' },
    zh: { title: '您须回购已转让的凭证', body: '转让 {reference} 须于 {until} 前回购：{note}' },
  },
  payment_taken_back: {
    topic: 'receivable',
    en: {
      title: 'The bank took your payment back',
      body: 'The bank took back the payment {reference}. It is open again; pay it once more under the same reference.',
    },
    ar: {
      title: 'استرد البنك دفعتكم',
      body: 'استرد البنك الدفعة {reference}. عادت مستحقة؛ سدّدوها من جديد بالمرجع نفسه.',
    },
    zh: { title: '银行撤回了您的付款', body: '银行撤回了付款 {reference}，该款项重新待付，请以同一参考号再次付款。' },
  },
  money_to_give_back: {
    topic: 'receivable',
    en: {
      title: 'You are to give money back',
      body: 'The bank took a payment back. Give back what you had of it by {until}, under the reference {reference}. What you are still to get of the same claim is kept against it.',
    },
    ar: {
      title: 'عليكم رد مبلغ',
      body: 'استرد البنك دفعة. ردّوا ما حصلتم عليه منها قبل {until} بالمرجع {reference}. ويُقاصّ منه ما يستحق لكم من الدين نفسه.',
    },
    zh: {
      title: '您须退还款项',
      body: '银行撤回了一笔付款。请于 {until} 前以参考号 {reference} 退还您已收到的款项；同一债权下应付给您的款项将与之抵销。',
    },
  },
  payout_paid: {
    topic: 'receivable',
    en: { title: 'Money was paid out to you', body: 'The payment {reference} was made to your account.' },
    ar: { title: 'دُفعت لكم أموال', body: 'سُدّدت الدفعة {reference} إلى حسابكم.' },
    zh: { title: '款项已支付给您', body: '款项 {reference} 已支付至您的账户。' },
  },
  payout_returned: {
    topic: 'receivable',
    en: {
      title: 'A payment to you came back',
      body: 'The bank returned the payment {reference}. Check your account; it is paid again from the next file on.',
    },
    ar: {
      title: 'عادت دفعة إليكم',
      body: 'أعاد البنك الدفعة {reference}. تحققوا من حسابكم؛ ستُدفع من جديد في الملف التالي.',
    },
    zh: { title: '支付给您的款项被退回', body: '银行退回了款项 {reference}。请核对您的账户，下一批将重新支付。' },
  },
  payment_account_changed: {
    topic: 'receivable',
    en: {
      title: 'Your payment account was changed',
      body: 'The account ending in {ending} takes the place of the one before. Money goes there from {payableFrom} at the earliest, once it is checked.',
    },
    ar: {
      title: 'تغيّر حساب الدفع',
      body: 'حلّ الحساب المنتهي بـ {ending} محل السابق. لا تُحوَّل إليه أموال قبل {payableFrom} وبعد التحقق منه.',
    },
    zh: {
      title: '您的收付款账户已变更',
      body: '尾号 {ending} 的账户取代原账户，核验后最早自 {payableFrom} 起可收款。',
    },
  },
  payment_account_checked: {
    topic: 'receivable',
    en: {
      title: 'Your payment account is checked',
      body: 'The account ending in {ending} is shown to be yours. {reasons}',
    },
    ar: { title: 'تم التحقق من حساب الدفع', body: 'ثبت أن الحساب المنتهي بـ {ending} لكم. {reasons}' },
    zh: { title: '您的账户已核验', body: '尾号 {ending} 的账户已核验为贵方所有。{reasons}' },
  },
  payment_account_rejected: {
    topic: 'receivable',
    en: {
      title: 'Your payment account was not accepted',
      body: 'The account ending in {ending} is not shown to be yours: {reasons}',
    },
    ar: { title: 'لم يُقبل حساب الدفع', body: 'لم يثبت أن الحساب المنتهي بـ {ending} لكم: {reasons}' },
    zh: { title: '您的账户未通过核验', body: '尾号 {ending} 的账户未能核验为贵方所有：{reasons}' },
  },
});
