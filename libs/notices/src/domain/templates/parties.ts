import { defineTemplates } from '../template.js';

/** Messages about verifications of enterprises and institutions, and about approvals between maker and checker. */
export const partyTemplates = defineTemplates({
  verification_decided_verified: {
    topic: 'organisation',
    en: { title: 'Your organisation is verified', body: '{name} was verified. You can now take part in full.' },
    ar: { title: 'تم التحقق من منشأتكم', body: 'تم التحقق من {name}. يمكنكم الآن المشاركة بالكامل.' },
    zh: { title: '贵机构已通过核验', body: '{name} 已通过核验，现在可以使用全部功能。' },
  },
  verification_decided_rejected: {
    topic: 'organisation',
    en: {
      title: 'Your organisation could not be verified',
      body: '{name} was not verified: {reasons} Correct what is named and hand it in again.',
    },
    ar: {
      title: 'تعذر التحقق من منشأتكم',
      body: 'لم يتم التحقق من {name}: {reasons} صححوا ما ذُكر ثم قدموا الطلب من جديد.',
    },
    zh: { title: '贵机构未通过核验', body: '{name} 未通过核验：{reasons} 请更正上述事项后重新提交。' },
  },
  verification_reopened: {
    topic: 'organisation',
    en: {
      title: 'Your verification must be renewed',
      body: 'Something that was verified has changed ({what}). Hand the profile in again; until then nothing new can be agreed.',
    },
    ar: {
      title: 'يجب تجديد التحقق',
      body: 'تغير شيء سبق التحقق منه ({what}). قدموا الملف من جديد؛ وحتى ذلك الحين لا يمكن إبرام أي اتفاق جديد.',
    },
    zh: {
      title: '需要重新核验',
      body: '已核验的内容发生变更（{what}）。请重新提交资料；在此之前无法达成新的协议。',
    },
  },
  bank_account_changed: {
    topic: 'organisation',
    en: {
      title: 'The bank account was changed',
      body: 'A new bank account ending in {ending} was entered for {name}. No money goes to it before its ownership is checked and {usableFrom} has passed. If this was not you, tell the operator at once.',
    },
    ar: {
      title: 'تم تغيير الحساب المصرفي',
      body: 'أُدخل حساب مصرفي جديد ينتهي بالرقم {ending} للمنشأة {name}. لن يُحوَّل إليه أي مبلغ قبل التحقق من ملكيته وقبل {usableFrom}. إن لم تكونوا أنتم من غيّره فأبلغوا الجهة المشغلة فوراً.',
    },
    zh: {
      title: '银行账户已变更',
      body: '{name} 登记了尾号为 {ending} 的新银行账户。在核实账户归属且 {usableFrom} 之前，不会向其付款。如非本人操作，请立即通知运营方。',
    },
  },
  password_reset: {
    topic: 'organisation',
    delivery: 'confidential',
    en: {
      title: 'Choose a new password',
      body: 'Somebody, probably you, asked for a new password for this address. Open the link below within {minutes} minutes; it works once. If it was not you, do nothing: your password stays as it is.',
    },
    ar: {
      title: 'اختاروا كلمة مرور جديدة',
      body: 'طُلبت كلمة مرور جديدة لهذا العنوان. افتحوا الرابط أدناه خلال {minutes} دقيقة، وهو يعمل مرة واحدة. إن لم تطلبوا ذلك فلا تفعلوا شيئاً، وتبقى كلمة مروركم كما هي.',
    },
    zh: {
      title: '设置新密码',
      body: '有人（可能是您本人）为此邮箱申请了新密码。请在 {minutes} 分钟内打开以下链接，链接仅可使用一次。如非本人操作，无需理会，原密码仍然有效。',
    },
  },
  password_was_reset: {
    topic: 'organisation',
    delivery: 'always',
    en: {
      title: 'Your password was changed',
      body: 'A new password was set by a link sent to this address, and every session was ended. If this was not you, tell the operator at once.',
    },
    ar: {
      title: 'تم تغيير كلمة مروركم',
      body: 'تم تعيين كلمة مرور جديدة برابط أُرسل إلى هذا العنوان، وأُنهيت جميع الجلسات. إن لم تكونوا أنتم من فعل ذلك فأبلغوا الجهة المشغلة فوراً.',
    },
    zh: {
      title: '您的密码已更改',
      body: '已通过发送到此邮箱的链接设置新密码，所有会话均已结束。如非本人操作，请立即通知运营方。',
    },
  },
  approval_waits: {
    topic: 'organisation',
    en: { title: 'Something waits for your approval', body: '“{what}” was proposed and waits for a second person.' },
    ar: { title: 'هناك ما ينتظر موافقتكم', body: 'تم اقتراح «{what}» وهو ينتظر شخصاً ثانياً.' },
    zh: { title: '有事项等待您批准', body: '“{what}”已提出，等待第二人批准。' },
  },
});
