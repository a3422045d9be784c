import { defineTemplates } from '../template.js';

/** Messages about funding requests, to the enterprises that make them and to the operator. */
export const requestTemplates = defineTemplates({
  request_opened: {
    topic: 'request',
    en: {
      title: 'Your request is open',
      body: 'Your request was reviewed and opened. Matched institutions may offer until {closesAt}; after that you decide until {decideBy}.',
    },
    ar: {
      title: 'طلبك مفتوح',
      body: 'تمت مراجعة طلبك وفتحه. يمكن للجهات المطابقة تقديم عروضها حتى {closesAt}، ثم تقرر أنت حتى {decideBy}.',
    },
    zh: {
      title: '您的申请已开放',
      body: '您的申请已通过审核并开放。匹配的机构可在 {closesAt} 前报价，之后您可在 {decideBy} 前作出决定。',
    },
  },
  request_rejected: {
    topic: 'request',
    en: {
      title: 'Your request was not accepted',
      body: 'Your request was rejected in review: {reasons} You can submit a new request, or appeal.',
    },
    ar: {
      title: 'لم يُقبل طلبك',
      body: 'رُفض طلبك عند المراجعة: {reasons} يمكنك تقديم طلب جديد أو التظلّم.',
    },
    zh: { title: '您的申请未获通过', body: '您的申请在审核中被驳回：{reasons} 您可以重新提交申请，或提出申诉。' },
  },
  request_unmatched: {
    topic: 'request',
    en: {
      title: 'No institution fits your request yet',
      body: 'No institution funds exactly this at present. Your request shows what would make institutions fit; it is matched again whenever one changes what it funds.',
    },
    ar: {
      title: 'لا توجد جهة مطابقة لطلبك بعد',
      body: 'لا توجد حالياً جهة تموّل هذا الطلب تحديداً. يعرض طلبك ما يزيد فرص المطابقة، وتُعاد المطابقة كلما غيّرت جهة ما تموّله.',
    },
    zh: {
      title: '暂无机构匹配您的申请',
      body: '目前没有机构完全符合此申请。申请页面会说明如何调整以匹配更多机构；每当机构变更其融资范围时，都会重新匹配。',
    },
  },
  request_unmatched_operator: {
    topic: 'operations',
    en: {
      title: 'An open request that no mandate fits',
      body: 'A request was opened and no institution’s mandate fits it. The list of unmatched requests shows the nearest misses.',
    },
    ar: {
      title: 'طلب مفتوح لا يطابقه أي تفويض',
      body: 'فُتح طلب ولا يطابقه تفويض أي جهة. تعرض قائمة الطلبات غير المطابقة أقرب التفويضات.',
    },
    zh: {
      title: '有开放申请无匹配授权',
      body: '一项申请已开放，但没有任何机构的授权与之匹配。未匹配申请列表会显示最接近的授权。',
    },
  },
  question_asked: {
    topic: 'request',
    en: {
      title: 'An institution has a question',
      body: 'A question about your request: “{text}” Your answer goes to every institution that was asked; write nothing that shows who you are.',
    },
    ar: {
      title: 'لدى إحدى الجهات سؤال',
      body: 'سؤال عن طلبك: «{text}» يصل جوابك إلى كل جهة دُعيت؛ لا تكتب ما يكشف هويتك.',
    },
    zh: {
      title: '有机构提问',
      body: '关于您申请的问题：“{text}” 您的回答将发送给所有受邀机构；请勿写入可识别身份的内容。',
    },
  },
  offers_arrived: {
    topic: 'request',
    en: {
      title: 'Offers on your request',
      body: 'Your request has offers: {count}. Bidding goes on until {closesAt}.',
    },
    ar: { title: 'عروض على طلبك', body: 'عدد العروض على طلبك: {count}. يستمر تقديم العروض حتى {closesAt}.' },
    zh: { title: '您的申请收到报价', body: '您的申请目前有 {count} 份报价。报价持续至 {closesAt}。' },
  },
  bidding_closed: {
    topic: 'request',
    en: {
      title: 'The competition for your request has ended',
      body: 'Bidding is over; offers: {count}. Compare them and accept a binding one until {decideBy}, or ask an institution to bind itself.',
    },
    ar: {
      title: 'انتهت المنافسة على طلبك',
      body: 'انتهى تقديم العروض؛ عددها: {count}. قارن بينها واقبل عرضاً ملزماً حتى {decideBy}، أو اطلب من إحدى الجهات عرضاً ملزماً.',
    },
    zh: {
      title: '您的申请竞价已结束',
      body: '报价已截止，共 {count} 份。请比较后在 {decideBy} 前接受一份有约束力的报价，或要求机构提供有约束力的报价。',
    },
  },
  receivables_listed: {
    topic: 'request',
    en: {
      title: 'Your receivables are on the market',
      body: 'Institutions with a limit on the anchor bid until {closesAt}; you decide until {decideBy}.',
    },
    ar: {
      title: 'مستحقاتكم معروضة في السوق',
      body: 'تقدم المؤسسات التي لديها حد ائتماني على الجهة المدينة عروضها حتى {closesAt}؛ ولكم القرار حتى {decideBy}.',
    },
    zh: {
      title: '您的应收账款已挂牌',
      body: '对该核心企业有额度的机构可在 {closesAt} 前出价；您在 {decideBy} 前作出决定。',
    },
  },
  receivables_unsold: {
    topic: 'request',
    en: {
      title: 'Your receivables were not sold',
      body: 'No bid was accepted in time and they are yours again.{early}{pool}{guaranteed}{again}',
    },
    ar: {
      title: 'لم تُبع مستحقاتكم',
      body: 'لم يُقبل أي عرض في الوقت المحدد وعادت المستحقات إليكم.{early}{pool}{guaranteed}{again}',
    },
    zh: {
      title: '您的应收账款未售出',
      body: '未在期限内接受任何出价，应收账款仍归您所有。{early}{pool}{guaranteed}{again}',
    },
  },
  request_expired: {
    topic: 'request',
    en: {
      title: 'Your request has expired',
      body: 'No offer was accepted in time, so the request has ended. You can copy it to a new draft.',
    },
    ar: {
      title: 'انتهت صلاحية طلبك',
      body: 'لم يُقبل أي عرض في الوقت المحدد فانتهى الطلب. يمكنك نسخه إلى مسودة جديدة.',
    },
    zh: { title: '您的申请已过期', body: '未在期限内接受任何报价，申请已结束。您可以将其复制为新草稿。' },
  },
  disbursement_reported: {
    topic: 'request',
    en: {
      title: 'The institution says that it has paid',
      body: '{net} {currency} should have reached your account (bank reference {reference}). Look at the account and say what arrived.',
    },
    ar: {
      title: 'أفادت الجهة بأنها دفعت',
      body: 'يُفترض أن يكون {net} {currency} قد وصل إلى حسابك (مرجع البنك {reference}). تحقق من الحساب وأكّد ما وصل.',
    },
    zh: {
      title: '机构表示已付款',
      body: '{net} {currency} 应已到达您的账户（银行参考号 {reference}）。请核对账户并确认到账金额。',
    },
  },
});
