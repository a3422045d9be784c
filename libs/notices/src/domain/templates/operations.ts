import { defineTemplates } from '../template.js';

/** Messages to those who run an organisation's connections. */
export const operationsTemplates = defineTemplates({
  webhook_failing: {
    topic: 'operations',
    en: {
      title: 'A webhook does not answer',
      body: 'Deliveries to {url} have failed since {since}. If none succeeds by {until}, the endpoint is switched off. Events are kept and can be sent again.',
    },
    ar: {
      title: 'عنوان الويب هوك لا يستجيب',
      body: 'تفشل عمليات التسليم إلى {url} منذ {since}. إن لم تنجح أي عملية حتى {until} فسيُوقف العنوان. تُحفظ الأحداث ويمكن إرسالها من جديد.',
    },
    zh: {
      title: 'Webhook 无响应',
      body: '自 {since} 起，发送到 {url} 的通知均失败。如到 {until} 仍未成功，该端点将被停用。事件会保留，可重新发送。',
    },
  },
  webhook_disabled: {
    topic: 'operations',
    en: {
      title: 'A webhook was switched off',
      body: 'Deliveries to {url} failed for too long, so the endpoint was switched off. Repair it, switch it on again and replay what was missed.',
    },
    ar: {
      title: 'أُوقف عنوان ويب هوك',
      body: 'فشلت عمليات التسليم إلى {url} مدة طويلة فأُوقف العنوان. أصلحه ثم شغّله من جديد وأعد إرسال ما فات.',
    },
    zh: {
      title: 'Webhook 已停用',
      body: '发送到 {url} 的通知失败时间过长，该端点已停用。请修复后重新启用，并重发错过的事件。',
    },
  },
});
