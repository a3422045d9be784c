import { Inject, Injectable } from '@nestjs/common';
import { IdentityReader } from '#identity';
import { moneyToJson } from '#kernel';
import {
  type Actor,
  ENVIRONMENT,
  type Environment,
  httpError,
  type PrintedLanguage,
  type PrintedPage,
  systemContext,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { guaranteeError } from '../domain/errors.js';
import { Guarantee } from '../persistence/entities.js';
import { GuaranteeReader } from './guarantee.reader.js';
import { SchemeBook } from './scheme-book.js';

const words = {
  en: {
    title: 'Certificate of guarantee',
    parties: 'Parties',
    terms: 'What is guaranteed',
    facts: ['Guarantor', 'Scheme', 'Lender', 'Enterprise'],
    figures: ['Number', 'Loan', 'Guaranteed', 'Cover', 'Tenor in months', 'Issued on', 'Ends on'],
    rules:
      'The guarantee is in force from the day on which the loan is disbursed and the fee is paid. It falls with the outstanding principal. It lapses only after notice and the days of cure, and never after a default.',
    note: 'Whoever holds this certificate can check it by its code.',
    code: 'Code',
    address: 'Address',
  },
  ar: {
    title: 'شهادة ضمان',
    parties: 'الأطراف',
    terms: 'محل الضمان',
    facts: ['الضامن', 'البرنامج', 'المقرض', 'المنشأة'],
    figures: ['الرقم', 'التمويل', 'المبلغ المضمون', 'نسبة التغطية', 'المدة بالأشهر', 'تاريخ الإصدار', 'تاريخ الانتهاء'],
    rules:
      'يسري الضمان من يوم صرف التمويل وسداد الرسم، وينخفض مع أصل الدين القائم، ولا يسقط إلا بعد إشعار ومهلة للمعالجة، ولا يسقط أبداً بعد التعثر.',
    note: 'يمكن لحامل هذه الشهادة التحقق منها برمزها.',
    code: 'الرمز',
    address: 'العنوان',
  },
  zh: {
    title: '担保证书',
    parties: '当事人',
    terms: '担保内容',
    facts: ['担保人', '担保计划', '贷款人', '企业'],
    figures: ['编号', '贷款金额', '担保金额', '担保比例', '期限（月）', '出具日期', '到期日期'],
    rules: '担保自放款并缴清担保费之日起生效，随未偿本金递减；须经通知和补救期后方可失效，违约发生后不得失效。',
    note: '持有本证书者可凭验证码核验。',
    code: '验证码',
    address: '网址',
  },
} as const;

/** The certificate of a guarantee, as it is printed for its parties. */
@Injectable()
export class Certificate {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly reader: GuaranteeReader,
    private readonly book: SchemeBook,
    private readonly identity: IdentityReader,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The page in one language; refuses a letter of intent, which is no guarantee yet. */
  async page(
    actor: Actor,
    guaranteeId: string,
    language: PrintedLanguage,
  ): Promise<{ name: string; page: PrintedPage }> {
    // Who may not see the guarantee may not print it.
    await this.reader.guarantee(actor, guaranteeId);
    return this.unitOfWork.run(systemContext('guarantee.certificate'), async (tx) => {
      const row = await tx.manager.findOneBy(Guarantee, { id: guaranteeId });
      if (!row?.certificateCode) throw guaranteeError('guarantee_unknown', { detail: 'No certificate is issued yet.' });
      const scheme = await this.book.scheme(tx, row.schemeId);
      const names = await this.identity.organisationsWithin([scheme.guarantorId, row.lenderId, row.enterpriseId], tx);
      const named = (id: string): string => {
        const found = names.get(id);
        if (!found) throw httpError('record_unknown');
        return language === 'en' ? found.name : found.localName || found.name;
      };
      const text = words[language];
      const money = (minor: bigint): string => {
        const { amount, currency } = moneyToJson({ minor, currency: row.currency });
        return `${amount} ${currency}`;
      };
      const parties = [named(scheme.guarantorId), scheme.names[language], named(row.lenderId), named(row.enterpriseId)];
      const figures = [
        row.number,
        money(row.loanMinor),
        money(row.guaranteedMinor),
        `${row.coverPercent} %`,
        String(row.tenorMonths),
        row.issuedAt ? countryDate(this.environment.country, row.issuedAt) : '',
        row.endsOn ?? '—',
      ];
      const page: PrintedPage = {
        language,
        issuer: named(scheme.guarantorId),
        title: text.title,
        subtitle: row.number,
        blocks: [
          {
            kind: 'facts',
            heading: text.parties,
            facts: text.facts.map((label, at) => ({ label, value: parties[at] ?? '' })),
          },
          {
            kind: 'facts',
            heading: text.terms,
            facts: text.figures.map((label, at) => ({ label, value: figures[at] ?? '' })),
          },
          { kind: 'text', paragraphs: [text.rules] },
        ],
        verification: {
          note: text.note,
          facts: [
            { label: text.code, value: row.certificateCode },
            {
              label: text.address,
              value: `${this.environment.publicUrl}/v1/public/guarantee-certificates/${row.certificateCode}`,
            },
          ],
        },
      };
      return { name: `guarantee-${row.number}`, page };
    });
  }
}
