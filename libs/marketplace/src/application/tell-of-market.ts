// size: one table from event to notice, with what it needs to read
import { Injectable } from '@nestjs/common';
import { printAmount } from '#kernel';
import { type NoticeRequest, notify } from '#notices';
import { type DeliveredEvent, idBytes, idText, type Transaction } from '#platform';
import { Award, FundingRequest, Offer } from '../persistence/entities.js';
import { isReceivableProduct } from '../domain/receivable-request.policy.js';
import { invitedSince, listedBefore } from '../persistence/guaranteed-candidates.query.js';
import { saleOf } from '../persistence/murabaha.store.js';
import { GuaranteedCandidates } from './guaranteed-candidates.js';
import { asJson } from './request-views.js';
import { UnsoldReceivables, type UnsoldWay } from './unsold-receivables.js';

type Tell = (tx: Transaction, event: DeliveredEvent) => Promise<unknown>;
type Message = Pick<NoticeRequest, 'template' | 'parameters'>;

const iso = (at: Date | null): string => at?.toISOString() ?? '';

/**
 * Who is told what when something happens on the market. Information requests, resumes and returns are told by review. An
 * enterprise never reads a price here: in a sealed competition that would open the envelope.
 */
@Injectable()
export class TellOfMarket {
  private readonly tells: Readonly<Record<string, Tell>> = {
    'funding_request.opened': (tx, { subjectId }) =>
      this.toOwner(tx, subjectId, ({ closesAt, decideBy }) => ({
        template: 'request_opened',
        parameters: { closesAt: iso(closesAt), decideBy: iso(decideBy) },
      })),
    'funding_request.listed': (tx, { subjectId }) =>
      this.toOwner(tx, subjectId, ({ closesAt, decideBy }) => ({
        template: 'receivables_listed',
        parameters: { closesAt: iso(closesAt), decideBy: iso(decideBy) },
      })),
    'funding_request.rejected': async (tx, { subjectId }) => {
      const reasons = await rejectionOf(tx, subjectId);
      await this.toOwner(tx, subjectId, () => ({ template: 'request_rejected', parameters: { reasons } }));
    },
    'funding_request.unmatched': async (tx, { subjectId }) => {
      await this.toOwner(tx, subjectId, () => ({ template: 'request_unmatched' }));
      notify(tx, { roles: ['review_lead'], template: 'request_unmatched_operator', link: '/operator/unmatched' });
    },
    'invitation.made': async (tx, { subjectId, payload }) => {
      const financierId = String(payload['financierId']);
      toDesk(tx, financierId, 'maker', subjectId, {
        template: 'request_invited',
        parameters: { answerDue: String(payload['answerDue']) },
      });
      const request = await tx.manager.findOneByOrFail(FundingRequest, { id: subjectId });
      const since = request.guaranteedSince;
      if (since && (await invitedSince(tx, subjectId, financierId, since)))
        await this.tellOfGuarantee(tx, request, financierId);
    },
    'funding_request.shown_guaranteed': async (tx, { subjectId }) => {
      const request = await tx.manager.findOneByOrFail(FundingRequest, { id: subjectId });
      if (!request.guaranteedSince) return;
      for (const financierId of await listedBefore(tx, subjectId, request.guaranteedSince))
        await this.tellOfGuarantee(tx, request, financierId);
    },
    'question.asked': async (tx, { subjectId, payload }) => {
      const { text } = await questionOf(tx, String(payload['questionId']));
      await this.toOwner(tx, subjectId, () => ({ template: 'question_asked', parameters: { text } }));
    },
    'question.answered': async (tx, { subjectId, payload }) => {
      const { text, answer } = await questionOf(tx, String(payload['questionId']));
      const invited = await financiersOf(tx, 'request_match', subjectId, ['invited', 'offered', 'silent']);
      toDesks(tx, invited, subjectId, { template: 'question_answered', parameters: { text, answer: answer ?? '' } });
    },
    'offer.placed': (tx, { subjectId }) => this.offerArrived(tx, subjectId),
    'offer.revised': (tx, { subjectId }) => this.offerArrived(tx, subjectId),
    'offer.approved': (tx, { subjectId }) => this.offerArrived(tx, subjectId),
    'offer.binding_asked': async (tx, { subjectId, payload }) => {
      const offer = await tx.manager.findOneByOrFail(Offer, { id: subjectId });
      toDesk(tx, offer.financierId, 'maker', offer.requestId, {
        template: 'binding_asked',
        parameters: { due: String(payload['bindingDue']) },
      });
    },
    'funding_request.extended': async (tx, { subjectId, payload }) => {
      const parameters = { closesAt: String(payload['closesAt']) };
      const bidders = await financiersOf(tx, 'offer', subjectId, ['live']);
      toDesks(tx, bidders, subjectId, { template: 'bidding_extended', parameters });
    },
    'funding_request.closed': async (tx, { subjectId }) => {
      const count = await liveOffersOf(tx, subjectId);
      const request = await this.toOwner(tx, subjectId, ({ decideBy }) => ({
        template: 'bidding_closed',
        parameters: { count, decideBy: iso(decideBy) },
      }));
      const bidders = await financiersOf(tx, 'offer', subjectId, ['live']);
      const parameters = { decideBy: iso(request.decideBy) };
      toDesks(tx, bidders, subjectId, { template: 'bidding_ended', parameters });
    },
    'funding_request.awarded': async (tx, { subjectId }) =>
      toDesks(tx, await financiersOf(tx, 'offer', subjectId, ['lost']), subjectId, { template: 'offer_not_chosen' }),
    'funding_request.reopened': async (tx, { subjectId }) => {
      const { decideBy } = await tx.manager.findOneByOrFail(FundingRequest, { id: subjectId });
      const parameters = { decideBy: iso(decideBy) };
      toDesks(tx, await financiersOf(tx, 'offer', subjectId, ['live']), subjectId, {
        template: 'offer_revived',
        parameters,
      });
    },
    'funding_request.expired': async (tx, { subjectId }) => {
      const { productKind, enterpriseId } = await tx.manager.findOneByOrFail(FundingRequest, { id: subjectId });
      const ways = isReceivableProduct(productKind) ? await this.unsold.within(tx, enterpriseId, subjectId) : undefined;
      await this.toOwner(tx, subjectId, () =>
        ways ? { template: 'receivables_unsold', parameters: waysInWords(ways.ways) } : { template: 'request_expired' },
      );
      toDesks(tx, await financiersOf(tx, 'offer', subjectId, ['expired']), subjectId, { template: 'request_ended' });
    },
    'funding_request.withdrawn': async (tx, { subjectId }) =>
      toDesks(tx, await financiersOf(tx, 'offer', subjectId, ['expired']), subjectId, { template: 'request_ended' }),
    'award.made': (tx, { subjectId }) =>
      this.toParties(tx, subjectId, ['financier'], (award) => ({
        template: 'award_made',
        parameters: { ...amountOf(award), agreeBy: iso(award.agreeBy) },
      })),
    'award.agreed': (tx, { subjectId }) =>
      this.toParties(tx, subjectId, ['enterprise', 'financier'], (award) => ({
        template: 'award_agreed',
        parameters: { ...amountOf(award), disburseBy: iso(award.disburseBy) },
      })),
    'award.lapsed': (tx, { subjectId }) =>
      this.toParties(tx, subjectId, ['enterprise', 'financier'], (award) => ({
        template: 'award_lapsed',
        parameters: { ...amountOf(award), reason: award.endedReason ?? '' },
      })),
    'murabaha_sale.possessed': async (tx, { payload }) => {
      const award = await tx.manager.findOneByOrFail(Award, { id: String(payload['awardId']) });
      const { financierId } = award;
      const link = `/awards/${award.id}`;
      notify(tx, {
        organisationId: financierId,
        roles: ['checker'],
        link,
        template: 'murabaha_sale_waits',
        parameters: amountOf(award),
      });
    },
    'murabaha_sale.sold': async (tx, { payload }) => {
      const sale = await saleOf(tx, String(payload['awardId']));
      if (!sale?.priceMinor || !sale.costMinor) return;
      const print = (minor: bigint) => printAmount({ minor, currency: sale.currency });
      notify(tx, {
        organisationId: sale.enterpriseId,
        link: `/requests/${sale.requestId}`,
        template: 'murabaha_sold',
        parameters: {
          asset: sale.asset ?? '',
          price: print(sale.priceMinor),
          cost: print(sale.costMinor),
          profit: print(sale.priceMinor - sale.costMinor),
          currency: sale.currency,
        },
      });
    },
    'award.disbursement_reported': (tx, { subjectId }) =>
      this.toParties(tx, subjectId, ['enterprise'], (award) => ({
        template: 'disbursement_reported',
        parameters: { ...netOf(award), reference: award.bankReference ?? '' },
      })),
    'award.disbursed': (tx, { subjectId }) =>
      this.toParties(tx, subjectId, ['financier'], (award) => ({
        template: 'award_disbursed',
        parameters: netOf(award),
      })),
  };

  constructor(
    private readonly candidates: GuaranteedCandidates,
    private readonly unsold: UnsoldReceivables,
  ) {}

  /** The events that somebody is told of. */
  readonly events = Object.keys(this.tells);

  async within(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.tells[event.name]?.(tx, event);
  }

  /** A lender on whose list the request stands hears once that a scheme it is accredited with would cover it, and how much. */
  private async tellOfGuarantee(tx: Transaction, request: FundingRequest, financierId: string): Promise<void> {
    const schemes = await this.candidates.coverFor(tx, request, financierId);
    if (schemes.length === 0) return;
    const names = schemes.map(({ scheme, maximumCoverPercent }) => `${scheme} ${Number(maximumCoverPercent)} %`);
    toDesk(tx, financierId, 'maker', request.id, {
      template: 'guaranteed_candidate',
      parameters: { schemes: names.join(', '), closesAt: iso(request.closesAt) },
    });
  }

  /** Tells the people of the enterprise whose request it is. */
  private async toOwner(
    tx: Transaction,
    requestId: string,
    message: (request: FundingRequest) => Message,
  ): Promise<FundingRequest> {
    const request = await tx.manager.findOneByOrFail(FundingRequest, { id: requestId });
    notify(tx, { organisationId: request.enterpriseId, link: `/requests/${requestId}`, ...message(request) });
    return request;
  }

  private async toParties(
    tx: Transaction,
    awardId: string,
    sides: readonly ('enterprise' | 'financier')[],
    message: (award: Award) => Message,
  ): Promise<void> {
    const award = await tx.manager.findOneByOrFail(Award, { id: awardId });
    const said = message(award);
    if (sides.includes('enterprise'))
      notify(tx, { organisationId: award.enterpriseId, link: `/requests/${award.requestId}`, ...said });
    if (sides.includes('financier'))
      notify(tx, {
        organisationId: award.financierId,
        roles: ['maker', 'checker'],
        link: `/awards/${awardId}`,
        ...said,
      });
  }

  /** One that waits is told to the checkers, one in the competition to the enterprise: how many there are, never a price. */
  private async offerArrived(tx: Transaction, offerId: string): Promise<void> {
    const offer = await tx.manager.findOneByOrFail(Offer, { id: offerId });
    const request = await tx.manager.findOneByOrFail(FundingRequest, { id: offer.requestId });
    const closesAt = iso(request.closesAt);
    if (offer.state === 'pending_approval')
      toDesk(tx, offer.financierId, 'checker', request.id, {
        template: 'offer_waits',
        parameters: { ...amountOf(offer), closesAt },
      });
    // Rules bid within a moment of each other: only the first of them is news.
    if (offer.state !== 'live' || (offer.automatic && !(await isFirstOffer(tx, offer)))) return;
    const count = await liveOffersOf(tx, request.id);
    await this.toOwner(tx, request.id, () => ({ template: 'offers_arrived', parameters: { count, closesAt } }));
  }
}

function toDesk(
  tx: Transaction,
  financierId: string,
  role: 'maker' | 'checker',
  requestId: string,
  message: Message,
): void {
  notify(tx, { organisationId: financierId, roles: [role], link: `/market/requests/${requestId}`, ...message });
}

function toDesks(tx: Transaction, financierIds: readonly string[], requestId: string, message: Message): void {
  for (const id of financierIds) toDesk(tx, id, 'maker', requestId, message);
}

/** A sentence for each way that is open to the seller, nothing for the others. */
function waysInWords(ways: readonly UnsoldWay[]): Record<'early' | 'pool' | 'guaranteed' | 'again', string> {
  const say = (way: UnsoldWay): string => (ways.includes(way) ? `unsold_${way}` : '');
  return { early: say('early_payment'), pool: say('pool'), guaranteed: say('guaranteed'), again: say('list_again') };
}

function amountOf({ amountMinor: minor, currency }: Pick<Award, 'amountMinor' | 'currency'>) {
  return { amount: printAmount({ minor, currency }), currency };
}

function netOf({ netMinor, reportedNetMinor, currency }: Award) {
  return { net: printAmount({ minor: reportedNetMinor ?? netMinor, currency }), currency };
}

async function financiersOf(
  tx: Transaction,
  table: 'offer' | 'request_match',
  requestId: string,
  states: readonly string[],
): Promise<string[]> {
  const rows = await tx.rows<{ financier_id: Buffer }>(
    `SELECT DISTINCT financier_id FROM ${table} WHERE request_id = ? AND state IN (${states.map(() => '?').join(',')})`,
    [idBytes(requestId), ...states],
  );
  return rows.map(({ financier_id }) => idText(financier_id));
}

async function liveOffersOf(tx: Transaction, requestId: string): Promise<number> {
  const [row] = await tx.rows<{ n: string }>(
    "SELECT COUNT(*) AS n FROM offer WHERE request_id = ? AND state = 'live'",
    [idBytes(requestId)],
  );
  return Number(row?.n ?? 0);
}

async function isFirstOffer(tx: Transaction, { id, requestId }: Offer): Promise<boolean> {
  const [first] = await tx.rows<{ id: Buffer }>('SELECT id FROM offer WHERE request_id = ? ORDER BY id LIMIT 1', [
    idBytes(requestId),
  ]);
  return first !== undefined && idText(first.id) === id;
}

async function questionOf(tx: Transaction, questionId: string): Promise<{ text: string; answer: string | null }> {
  const [row] = await tx.rows<{ text: string; answer: string | null }>(
    'SELECT text, answer FROM question WHERE id = ?',
    [idBytes(questionId)],
  );
  return row ?? { text: '', answer: null };
}

/** What the reviewer wrote about each coded reason. */
async function rejectionOf(tx: Transaction, requestId: string): Promise<string> {
  const [row] = await tx.rows<{ reason: string }>(
    "SELECT reason FROM market_history WHERE subject_id = ? AND action = 'reject' ORDER BY id DESC LIMIT 1",
    [idBytes(requestId)],
  );
  const { reasons = [] } = row ? asJson<{ reasons?: { message: string }[] }>(row.reason) : {};
  return reasons.map(({ message }) => message).join(' ');
}
