import { defineTemplates } from '../template.js';

/** Messages about receivables, to anchors and sellers. */
export const receivableTemplates = defineTemplates({
  receivables_wait: {
    topic: 'request',
    en: {
      title: '{count} receivables wait for your confirmation',
      body: '{count} receivables wait for your answer, the oldest since {since}. Confirm them, dispute them or reject them. Your median time to confirm is published.',
    },
    ar: {
      title: '{count} من المستحقات تنتظر تأكيدكم',
      body: 'تنتظر {count} من المستحقات ردكم، وأقدمها منذ {since}. أكّدوها أو اعترضوا عليها أو ارفضوها. يُنشر الوسيط الزمني لتأكيداتكم.',
    },
    zh: {
      title: '{count} 笔应收账款待贵方确认',
      body: '有 {count} 笔应收账款等待贵方答复，最早的自 {since} 起。请确认、提出异议或拒绝。贵方确认用时的中位数会公布。',
    },
  },
  receivables_await_checker: {
    topic: 'request',
    en: {
      title: 'A proposal for {count} receivables waits for a checker',
      body: 'A colleague proposes a step for {count} receivables. Read the undertaking and approve or reject it; the maker cannot do so.',
    },
    ar: {
      title: 'مقترح بشأن {count} من المستحقات ينتظر المدقق',
      body: 'يقترح أحد الزملاء إجراءً على {count} من المستحقات. اقرأ التعهد ثم وافق أو ارفض؛ لا يجوز ذلك لمُعِدّ المقترح.',
    },
    zh: {
      title: '一项涉及 {count} 笔应收账款的提议待复核',
      body: '同事就 {count} 笔应收账款提出了处理。请阅读承诺书后批准或拒绝；提议人本人不能复核。',
    },
  },
  receivable_held: {
    topic: 'request',
    en: {
      title: 'Receivable {number} is held',
      body: 'Receivable {number} looks like another claim. It stays confirmed, but it cannot be listed or sold until a reviewer has decided. You need do nothing unless you are asked.',
    },
    ar: {
      title: 'المستحق {number} موقوف مؤقتاً',
      body: 'يشبه المستحق {number} مطالبة أخرى. يبقى مؤكداً لكن لا يمكن إدراجه أو بيعه قبل قرار المراجع. لا يلزمكم شيء ما لم يُطلب منكم.',
    },
    zh: {
      title: '应收账款 {number} 已暂停挂牌',
      body: '应收账款 {number} 与另一笔债权相似。其确认仍然有效，但在审核员作出决定前不能挂牌或转让。除非另行通知，贵方无需操作。',
    },
  },
  receivable_hold_ended: {
    topic: 'request',
    en: {
      title: 'Receivable {number} is free again',
      body: 'A reviewer found that {number} is a claim of its own. It can be listed. {reasons}',
    },
    ar: {
      title: 'رُفع الإيقاف عن المستحق {number}',
      body: 'وجد المراجع أن {number} مطالبة مستقلة، ويمكن إدراجها. {reasons}',
    },
    zh: {
      title: '应收账款 {number} 已恢复',
      body: '审核员认定 {number} 是独立的债权，可以挂牌。{reasons}',
    },
  },
  receivable_duplicate: {
    topic: 'request',
    en: {
      title: 'Receivable {number} is the same claim once more',
      body: 'A reviewer found that {number} repeats a claim that is registered. It cannot be financed. You can appeal. {reasons}',
    },
    ar: {
      title: 'المستحق {number} تكرار لمطالبة أخرى',
      body: 'وجد المراجع أن {number} يكرر مطالبة مسجلة، فلا يمكن تمويله. يمكنكم التظلّم. {reasons}',
    },
    zh: {
      title: '应收账款 {number} 属于重复债权',
      body: '审核员认定 {number} 重复了已登记的债权，不能融资。贵方可以申诉。{reasons}',
    },
  },
  anchor_confirmations_stopped: {
    topic: 'organisation',
    en: {
      title: 'New confirmations are stopped',
      body: '{count} payments were overdue within {months} months. You can confirm nothing new until what is overdue is paid and {days} days have passed since.',
    },
    ar: {
      title: 'أُوقفت التأكيدات الجديدة',
      body: 'تأخرت {count} من المدفوعات خلال {months} أشهر. لا يمكنكم تأكيد جديد حتى تُسدَّد المتأخرات وتمضي {days} يوماً بعدها.',
    },
    zh: {
      title: '新的确认已暂停',
      body: '{months} 个月内有 {count} 笔付款逾期。付清逾期款并再过 {days} 天后，贵方才能作出新的确认。',
    },
  },
  anchor_confirmations_resumed: {
    topic: 'organisation',
    en: {
      title: 'You can confirm again',
      body: 'What was overdue is paid and the time of cure is over. New confirmations are possible again.',
    },
    ar: { title: 'يمكنكم التأكيد من جديد', body: 'سُدّدت المتأخرات وانقضت مهلة التصحيح. أصبحت التأكيدات الجديدة ممكنة.' },
    zh: { title: '可以重新确认', body: '逾期款已付清，整改期已满，可以作出新的确认。' },
  },
});
