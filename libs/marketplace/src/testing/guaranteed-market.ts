import {
  Accreditations,
  Board,
  Consents,
  Contributions,
  DrawLetters,
  type DrawnLetter,
  ReviewApplication,
  Schemes,
  schemeTemplates,
} from '#guarantee';
import type { CommandContext } from '#platform';
import { ApplyForOfferGuarantee, ConsentToGuarantee } from '../application/apply-for-offer-guarantee.js';
import type { MarketHouse } from './market-house.js';

const noLimit = 10n ** 15n;
const riyals = (amount: string) => ({ amount, currency: 'SAR' });

/** A guarantor with one open scheme beside a small market, made by its use cases. */
export class GuaranteedMarket {
  private payments = 0;

  private constructor(
    readonly house: MarketHouse,
    readonly maker: CommandContext,
    readonly checker: CommandContext,
    private readonly board: readonly CommandContext[],
    readonly schemeId: string,
    private readonly code: string,
  ) {}

  /** With the country's filed terms, changed as a test needs, and this much paid in (major units). */
  static async open(
    house: MarketHouse,
    { paidIn = '20000000', change = (_terms: Record<string, unknown>): void => undefined } = {},
  ): Promise<GuaranteedMarket> {
    const maker = await house.organisation('guarantor', ['maker'], { limit: noLimit });
    const checker = await house.colleague(maker, ['checker'], noLimit);
    const board = [
      await house.colleague(maker, ['board', 'checker'], noLimit),
      await house.colleague(maker, ['board']),
    ];
    const names = { en: 'Growth guarantee', ar: 'ضمان النمو', zh: '成长担保' };
    const code = `S${maker.actor.organisationId.slice(-6)}`.toUpperCase();
    const schemes = house.get(Schemes);
    const { id } = await schemes.create(maker, { code, names, currency: 'SAR' });
    const fund = new GuaranteedMarket(house, maker, checker, board, id, code);
    for (const { actor } of board)
      await house.get(Board).appoint(maker, id, { personId: actor.id, title: 'member', approvalLimit: null });
    const terms = structuredClone(schemeTemplates().get('SA')?.terms) as unknown as Record<string, unknown>;
    change(terms);
    const version = await schemes.proposeVersion(maker, id, terms, 'first terms');
    await fund.carry('version', version.id);
    const [chair] = board as [CommandContext];
    await schemes.putInForce(chair, id, version.number);
    await fund.carry('scheme', id);
    await schemes.move(chair, id, 'open', 'ready');
    await fund.payIn('institution', (Number(paidIn) * 0.4).toFixed(2));
    await fund.payIn('government', (Number(paidIn) * 0.6).toFixed(2));
    return fund;
  }

  async accredit({ actor }: CommandContext): Promise<void> {
    const accreditations = this.house.get(Accreditations);
    const proposal = { lenderId: actor.organisationId, validTo: null, reason: 'fit' };
    const { id } = await accreditations.propose(this.maker, this.schemeId, proposal);
    await accreditations.move(this.checker, this.schemeId, id, 'approve', 'fit');
  }

  /** The firm has read the text and consents to the guarantee of this offer. */
  async consent(firm: CommandContext, offerId: string): Promise<void> {
    const { texts } = await this.house.get(Consents).textOf(this.code);
    const english = texts.find(({ language }) => language === 'en');
    const textSha256 = english?.sha256 as string;
    await this.house.get(ConsentToGuarantee).execute(firm, offerId, { language: 'en', textSha256 });
  }

  /** From the firm's consent to the guarantor's approval. */
  async approved(firm: CommandContext, bank: CommandContext, offerId: string): Promise<string> {
    await this.consent(firm, offerId);
    const { applicationId } = await this.house.get(ApplyForOfferGuarantee).execute(bank, offerId, plainApplication);
    const decision = { outcome: 'approve', clauses: [], reason: 'fits' } as const;
    await this.house.get(ReviewApplication).propose(this.maker, applicationId, decision);
    await this.house.get(ReviewApplication).decide(this.checker, applicationId, decision);
    return applicationId;
  }

  /** From the firm's consent to the letter of intent. */
  async reserved(firm: CommandContext, bank: CommandContext, offerId: string): Promise<DrawnLetter> {
    return this.house.get(DrawLetters).execute(bank, await this.approved(firm, bank, offerId));
  }

  private async carry(kind: 'version' | 'scheme', subjectId: string): Promise<void> {
    const board = this.house.get(Board);
    const motion = await board.propose(this.maker, this.schemeId, { kind, subjectId, relatedIds: [], title: kind });
    for (const member of this.board) await board.vote(member, this.schemeId, motion.id, 'for', '');
    await board.attachMinutes(
      this.maker,
      this.schemeId,
      motion.id,
      'minutes.pdf',
      Buffer.from(`%PDF-1.4\n% ${motion.id}\n%%EOF\n`),
    );
    await board.close(this.board[0] as CommandContext, this.schemeId, motion.id);
  }

  private async payIn(sourceClass: string, amount: string): Promise<void> {
    const contributions = this.house.get(Contributions);
    const source = { sourceName: sourceClass, sourceClass, amount: riyals(amount), dueOn: '2030-01-01' };
    const made = await contributions.promise(this.maker, this.schemeId, source);
    const payment = await contributions.enterPayment(this.maker, this.schemeId, made.id, {
      amount: riyals(amount),
      paidOn: new Date().toISOString().slice(0, 10),
      bankReference: `B${++this.payments}`,
    });
    await contributions.decidePayment(this.checker, this.schemeId, payment.id, true);
  }
}

export const plainApplication = {
  agreementId: null,
  otherCoverPercent: '0',
  retainedCollateral: false,
  note: '',
} as const;
