import { defineTemplates } from '../template.js';

/** Messages about review cases, their clocks, complaints and the business calendar. */
export const reviewTemplates = defineTemplates({
  review_assigned: {
    topic: 'review',
    en: { title: 'A case was assigned to you', body: 'A case of the kind “{kind}” waits for your review until {due}.' },
    ar: { title: 'أُسندت إليك حالة', body: 'حالة من نوع «{kind}» تنتظر مراجعتك حتى {due}.' },
    zh: { title: '您有一件新的审核案件', body: '一件“{kind}”类案件等待您审核，截止时间为 {due}。' },
  },
  review_unassigned: {
    topic: 'review',
    en: {
      title: 'A case has no reviewer',
      body: 'No reviewer can take a case of the kind “{kind}”, due {due}. It waits in the leads’ queue: take it, or give somebody the role.',
    },
    ar: {
      title: 'حالة بلا مراجع',
      body: 'لا يوجد مراجع يمكنه تولي حالة من نوع «{kind}» موعدها {due}. وهي تنتظر في قائمة رؤساء المراجعة: تولوها أو امنحوا أحداً هذا الدور.',
    },
    zh: {
      title: '有案件无人审核',
      body: '没有审核员可以处理一件“{kind}”类案件，截止时间为 {due}。案件在审核主管队列中等待：请自行处理或为他人授予该角色。',
    },
  },
  review_warned: {
    topic: 'review',
    en: {
      title: '{percent} % of the review time has passed',
      body: 'Cases assigned to you that have used {percent} % of their working time: {count}.',
    },
    ar: {
      title: 'مضى {percent} ٪ من وقت المراجعة',
      body: 'عدد الحالات المسندة إليك التي استهلكت {percent} ٪ من وقت عملها: {count}.',
    },
    zh: { title: '审核时间已过 {percent}%', body: '分配给您的案件中，已用去 {percent}% 工作时间的有：{count} 件。' },
  },
  review_breached: {
    topic: 'review',
    en: {
      title: 'Review time exceeded',
      body: 'Cases that were not decided in time and moved to the review lead’s queue: {count}.',
    },
    ar: {
      title: 'تجاوز وقت المراجعة',
      body: 'عدد الحالات التي لم يُبتّ فيها في الوقت المحدد ونُقلت إلى قائمة رئيس المراجعة: {count}.',
    },
    zh: { title: '审核超时', body: '未按时作出决定、已转入审核主管队列的案件：{count} 件。' },
  },
  review_overdue: {
    topic: 'review',
    en: {
      title: 'Late cases still wait for a decision',
      body: 'Late cases that have now waited at least one more working day: {count}.',
    },
    ar: {
      title: 'حالات متأخرة ما زالت تنتظر القرار',
      body: 'عدد الحالات المتأخرة التي انتظرت يوم عمل إضافياً على الأقل: {count}.',
    },
    zh: { title: '超时案件仍待决定', body: '又至少等待了一个工作日的超时案件：{count} 件。' },
  },
  review_information_requested: {
    topic: 'review',
    en: {
      title: 'We need something from you',
      body: 'Your case waits for your answer: {reasons} The clock stands still until you answer. Without an answer it is returned on {returnAt}.',
    },
    ar: {
      title: 'نحتاج منك إلى معلومات',
      body: 'حالتك تنتظر ردك: {reasons} يتوقف احتساب الوقت حتى ترد. وإن لم ترد فستُعاد إليك في {returnAt}.',
    },
    zh: {
      title: '需要您补充信息',
      body: '您的案件等待您的答复：{reasons} 在您答复之前停止计时。如未答复，案件将于 {returnAt} 退回。',
    },
  },
  review_resumed: {
    topic: 'review',
    en: { title: 'The review goes on', body: 'The applicant answered. The case is due at {due}.' },
    ar: { title: 'استؤنفت المراجعة', body: 'ردّ مقدم الطلب. موعد القرار {due}.' },
    zh: { title: '审核继续进行', body: '申请人已答复。案件的截止时间为 {due}。' },
  },
  review_returned: {
    topic: 'review',
    en: {
      title: 'Your case was returned',
      body: 'We did not hear from you for {days} working days, so the case was given back. You can complete it and submit it again.',
    },
    ar: {
      title: 'أُعيدت حالتك إليك',
      body: 'لم نتلقَّ ردك خلال {days} من أيام العمل، فأُعيدت الحالة إليك. يمكنك استكمالها وتقديمها من جديد.',
    },
    zh: { title: '您的案件已退回', body: '我们在 {days} 个工作日内未收到您的答复，案件已退回。您可以补充后重新提交。' },
  },
  review_rescheduled: {
    topic: 'review',
    en: {
      title: 'The review’s due time changed',
      body: 'The business calendar changed ({reason}). Your case was due at {before} and is now due at {after}.',
    },
    ar: {
      title: 'تغيّر موعد المراجعة',
      body: 'تغيّر تقويم العمل ({reason}). كان موعد حالتك {before} وأصبح {after}.',
    },
    zh: {
      title: '审核截止时间已变更',
      body: '工作日历已变更（{reason}）。您的案件原定于 {before} 到期，现改为 {after}。',
    },
  },
  review_calendar_changed: {
    topic: 'review',
    en: {
      title: 'The business calendar changed',
      body: 'The business calendar changed ({reason}). Cases assigned to you with a new due time: {count}.',
    },
    ar: {
      title: 'تغيّر تقويم العمل',
      body: 'تغيّر تقويم العمل ({reason}). عدد الحالات المسندة إليك التي تغيّر موعدها: {count}.',
    },
    zh: {
      title: '工作日历已变更',
      body: '工作日历已变更（{reason}）。分配给您的案件中，截止时间有变的有：{count} 件。',
    },
  },
  complaint_answered: {
    topic: 'review',
    en: { title: 'Your complaint was answered', body: 'Our answer ({outcome}): {answer}' },
    ar: { title: 'رُدّ على شكواك', body: 'ردنا ({outcome}): {answer}' },
    zh: { title: '您的投诉已有答复', body: '我们的答复（{outcome}）：{answer}' },
  },
});
