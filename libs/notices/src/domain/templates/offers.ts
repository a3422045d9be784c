import { defineTemplates } from '../template.js';

/** Messages about offers and awards, to institutions, and to both sides where both are bound. */
export const offerTemplates = defineTemplates({
  request_invited: {
    topic: 'offer',
    en: {
      title: 'A request fits your mandate',
      body: 'A reviewed request fits what you fund. Offer, ask or decline until {answerDue}; silence is counted and published.',
    },
    ar: {
      title: 'طلب يطابق تفويضكم',
      body: 'طلب تمت مراجعته يطابق ما تموّلونه. قدّموا عرضاً أو سؤالاً أو اعتذروا حتى {answerDue}؛ فعدم الرد يُحتسب ويُنشر.',
    },
    zh: {
      title: '有申请符合贵机构授权',
      body: '一项已审核的申请符合贵机构的融资范围。请在 {answerDue} 前报价、提问或拒绝；未答复将被统计并公布。',
    },
  },
  question_answered: {
    topic: 'offer',
    en: { title: 'A question was answered', body: 'The enterprise answered “{text}”: {answer}' },
    ar: { title: 'أُجيب عن سؤال', body: 'أجابت المنشأة عن «{text}»: {answer}' },
    zh: { title: '问题已获答复', body: '企业对“{text}”的答复：{answer}' },
  },
  offer_waits: {
    topic: 'offer',
    en: {
      title: 'An offer waits for your approval',
      body: 'An offer of {amount} {currency} is above its maker’s limit and waits for a second person. Bidding ends at {closesAt}.',
    },
    ar: {
      title: 'عرض ينتظر موافقتكم',
      body: 'عرض بمبلغ {amount} {currency} يتجاوز حد مُعدّه وينتظر شخصاً ثانياً. ينتهي تقديم العروض في {closesAt}.',
    },
    zh: {
      title: '有报价等待您批准',
      body: '一份金额为 {amount} {currency} 的报价超出经办人限额，等待第二人批准。报价截止时间为 {closesAt}。',
    },
  },
  bidding_extended: {
    topic: 'offer',
    en: {
      title: 'More time to bid',
      body: 'A new leading offer came in the last minutes. Bidding now ends at {closesAt}.',
    },
    ar: {
      title: 'وقت إضافي للعروض',
      body: 'وصل عرض متصدر جديد في الدقائق الأخيرة. ينتهي تقديم العروض الآن في {closesAt}.',
    },
    zh: { title: '报价时间延长', body: '最后几分钟出现新的领先报价。报价截止时间延至 {closesAt}。' },
  },
  bidding_ended: {
    topic: 'offer',
    en: {
      title: 'Bidding on a request has ended',
      body: 'The competition in which you offered is closed. The enterprise decides until {decideBy}.',
    },
    ar: {
      title: 'انتهى تقديم العروض على طلب',
      body: 'أُغلقت المنافسة التي قدّمتم فيها عرضاً. تقرر المنشأة حتى {decideBy}.',
    },
    zh: { title: '某申请的报价已截止', body: '贵机构参与报价的竞争已结束。企业将在 {decideBy} 前决定。' },
  },
  binding_asked: {
    topic: 'offer',
    en: {
      title: 'An enterprise wants your binding offer',
      body: 'Your indicative offer was chosen and the enterprise has shown you who it is. Bind yourself until {due}, at no worse terms.',
    },
    ar: {
      title: 'منشأة تطلب عرضكم الملزم',
      body: 'اختير عرضكم الاستدلالي وكشفت لكم المنشأة هويتها. قدّموا عرضاً ملزماً حتى {due} بشروط لا تقل عنه.',
    },
    zh: {
      title: '企业希望获得贵机构的有约束力报价',
      body: '贵机构的指示性报价已被选中，企业已向贵机构披露身份。请在 {due} 前以不逊于原条件的条款提供有约束力的报价。',
    },
  },
  award_made: {
    topic: 'offer',
    en: {
      title: 'Your offer was accepted',
      body: 'An offer of {amount} {currency} was accepted. Both sides sign until {agreeBy}.',
    },
    ar: { title: 'قُبل عرضكم', body: 'قُبل عرض بمبلغ {amount} {currency}. يوقّع الطرفان حتى {agreeBy}.' },
    zh: {
      title: '贵机构的报价已被接受',
      body: '金额为 {amount} {currency} 的报价已被接受。双方须在 {agreeBy} 前签署。',
    },
  },
  offer_not_chosen: {
    topic: 'offer',
    en: {
      title: 'Another offer was accepted',
      body: 'The enterprise accepted another offer. Yours comes back by itself if that award falls before your offer expires.',
    },
    ar: { title: 'قُبل عرض آخر', body: 'قبلت المنشأة عرضاً آخر. يعود عرضكم تلقائياً إن سقط ذلك القبول قبل انتهاء عرضكم.' },
    zh: {
      title: '其他报价已被接受',
      body: '企业接受了其他报价。如该授予在贵机构报价到期前失效，贵机构的报价将自动恢复。',
    },
  },
  offer_revived: {
    topic: 'offer',
    en: {
      title: 'Your offer is in the competition again',
      body: 'An award fell, and the request is open again. The enterprise decides until {decideBy}.',
    },
    ar: { title: 'عاد عرضكم إلى المنافسة', body: 'سقط قبول سابق وفُتح الطلب من جديد. تقرر المنشأة حتى {decideBy}.' },
    zh: { title: '贵机构的报价重新参与竞争', body: '此前的授予已失效，申请重新开放。企业将在 {decideBy} 前决定。' },
  },
  award_agreed: {
    topic: 'offer',
    en: {
      title: 'The contract is signed by both sides',
      body: 'Both sides have signed for {amount} {currency}. The money is to arrive until {disburseBy}.',
    },
    ar: {
      title: 'وقّع الطرفان العقد',
      body: 'وقّع الطرفان على {amount} {currency}. يجب أن يصل المبلغ حتى {disburseBy}.',
    },
    zh: { title: '合同已由双方签署', body: '双方已就 {amount} {currency} 签署。款项须在 {disburseBy} 前到账。' },
  },
  murabaha_sale_waits: {
    topic: 'offer',
    en: {
      title: 'A murabaha waits for its sale',
      body: 'Your institution holds the asset of a murabaha of {amount} {currency}. A second person concludes the sale; only then can it count as paid out.',
    },
    ar: {
      title: 'مرابحة تنتظر البيع',
      body: 'تحوز مؤسستكم الأصل في مرابحة بمبلغ {amount} {currency}. يُبرم البيع شخص ثانٍ، ولا يُعد المبلغ مدفوعاً قبل ذلك.',
    },
    zh: {
      title: '一笔穆拉巴哈等待出售',
      body: '贵机构已持有金额为 {amount} {currency} 的穆拉巴哈标的资产。须由第二人完成出售，之后才可视为已放款。',
    },
  },
  murabaha_sold: {
    topic: 'offer',
    en: {
      title: 'The asset was sold to you',
      body: '{asset}: cost {cost}, profit {profit}, price {price} {currency}. The price is fixed; late payment adds nothing to it.',
    },
    ar: {
      title: 'تم بيع الأصل لكم',
      body: '{asset}: التكلفة {cost} والربح {profit} والثمن {price} {currency}. الثمن ثابت ولا يزيد بتأخر السداد.',
    },
    zh: {
      title: '资产已出售给您',
      body: '{asset}：成本 {cost}，利润 {profit}，价格 {price} {currency}。价格固定，逾期付款不会增加价格。',
    },
  },
  award_lapsed: {
    topic: 'offer',
    en: { title: 'An award has lapsed', body: 'The award of {amount} {currency} has lapsed: {reason}.' },
    ar: { title: 'سقط قبول عرض', body: 'سقط قبول العرض بمبلغ {amount} {currency}: {reason}.' },
    zh: { title: '授予已失效', body: '金额为 {amount} {currency} 的授予已失效：{reason}。' },
  },
  award_disbursed: {
    topic: 'offer',
    en: { title: 'The money has arrived', body: 'It is confirmed that {net} {currency} arrived.' },
    ar: { title: 'وصل المبلغ', body: 'تم تأكيد وصول {net} {currency}.' },
    zh: { title: '款项已到账', body: '已确认 {net} {currency} 到账。' },
  },
  request_ended: {
    topic: 'offer',
    en: {
      title: 'A request has ended',
      body: 'A request on which you offered has ended without an award; your offer ends with it.',
    },
    ar: { title: 'انتهى طلب', body: 'انتهى طلب قدّمتم عليه عرضاً دون قبول أي عرض؛ وينتهي عرضكم معه.' },
    zh: { title: '某申请已结束', body: '贵机构参与报价的申请已结束且未授予，贵机构的报价随之终止。' },
  },
});
