import { defineTemplates } from '../template.js';

/** Messages about claims on guarantees. */
export const claimTemplates = defineTemplates({
  claim_notified: {
    topic: 'review',
    en: { title: 'A claim was notified', body: 'Claim {number} was notified and waits for its review.' },
    ar: { title: 'ورد إخطار بمطالبة', body: 'ورد إخطار بالمطالبة {number} وهي بانتظار المراجعة.' },
    zh: { title: '收到代偿申请', body: '已收到代偿申请 {number}，等待审核。' },
  },
  claim_on_your_guarantee: {
    topic: 'organisation',
    en: {
      title: 'Your lender has claimed the guarantee',
      body: 'The lender reported a default on guarantee {number} and asked the guarantor to pay. The debt is still yours; when the arrears are paid, the lender can withdraw the claim.',
    },
    ar: {
      title: 'طالب الممول بالضمان',
      body: 'أبلغ الممول عن تعثر في الضمان {number} وطلب من الضامن السداد. يبقى الدين عليكم؛ وعند سداد المتأخرات يمكن للممول سحب المطالبة.',
    },
    zh: {
      title: '贷款人已申请代偿',
      body: '贷款人报告担保 {number} 项下违约并请求担保人代偿。债务仍由贵方承担；欠款付清后，贷款人可撤回申请。',
    },
  },
  claim_cured: {
    topic: 'organisation',
    en: { title: 'The claim was withdrawn', body: 'The arrears are paid: guarantee {number} is in force again.' },
    ar: { title: 'سُحبت المطالبة', body: 'سُددت المتأخرات: عاد الضمان {number} سارياً.' },
    zh: { title: '代偿申请已撤回', body: '欠款已付清：担保 {number} 恢复有效。' },
  },
  claim_approved: {
    topic: 'review',
    en: { title: 'Your claim was approved', body: 'Claim {number} was approved in full and will be paid.' },
    ar: { title: 'قُبلت مطالبتكم', body: 'قُبلت المطالبة {number} كاملة وستُدفع.' },
    zh: { title: '代偿申请已批准', body: '代偿申请 {number} 已全额批准，将予支付。' },
  },
  claim_approved_in_part: {
    topic: 'review',
    en: {
      title: 'Your claim was approved in part',
      body: 'Claim {number} was approved in part. Clauses of the reduction: {clauses}.',
    },
    ar: {
      title: 'قُبلت مطالبتكم جزئياً',
      body: 'قُبلت المطالبة {number} جزئياً. بنود التخفيض: {clauses}.',
    },
    zh: { title: '代偿申请部分批准', body: '代偿申请 {number} 已部分批准。扣减所依据的条款：{clauses}。' },
  },
  claim_denied: {
    topic: 'review',
    en: {
      title: 'Your claim was denied',
      body: 'Claim {number} was denied by these clauses: {clauses}. The guarantee is in force again, and you can appeal.',
    },
    ar: {
      title: 'رُفضت مطالبتكم',
      body: 'رُفضت المطالبة {number} استناداً إلى البنود: {clauses}. عاد الضمان سارياً ويمكنكم التظلم.',
    },
    zh: { title: '代偿申请被拒绝', body: '代偿申请 {number} 依据条款 {clauses} 被拒绝。担保恢复有效，贵方可以申诉。' },
  },
  claim_appealed: {
    topic: 'review',
    en: {
      title: 'An appeal was made',
      body: 'The lender appeals against the denial of claim {number}. Others than before decide.',
    },
    ar: { title: 'ورد تظلم', body: 'تظلم الممول من رفض المطالبة {number}. يبت فيه غير من قرر سابقاً.' },
    zh: { title: '收到申诉', body: '贷款人对代偿申请 {number} 的拒绝提出申诉，由其他人员裁定。' },
  },
  claim_paid: {
    topic: 'organisation',
    en: {
      title: 'Your claim was paid',
      body: 'Claim {number} was paid. Go on collecting and report what you recover.',
    },
    ar: { title: 'دُفعت مطالبتكم', body: 'دُفعت المطالبة {number}. واصلوا التحصيل وأبلغوا عما تستردونه.' },
    zh: { title: '代偿已支付', body: '代偿申请 {number} 已支付。请继续追偿并报告收回款项。' },
  },
});
