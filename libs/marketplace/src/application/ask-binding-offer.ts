import { Injectable } from '@nestjs/common';
import { dueAt } from '#finance';
import { type CommandContext, httpError, idBytes, setTimer, UnitOfWork } from '#platform';
import { BusinessCalendars } from '#review';
import { marketplaceError } from '../domain/errors.js';
import { marketTimers } from '../domain/market-timers.js';
import { FundingRequest, Offer } from '../persistence/entities.js';
import { disclose } from './disclose-identity.js';
import { lockOwnRequest } from './draft-request.js';
import { MarketRuleBook } from './market-rules.js';
import { announce, lockOffer, updateVersioned } from './records.js';

/** Asks a financier to turn its indicative offer into a binding one; the identity is disclosed to it for that. */
@Injectable()
export class AskBindingOffer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly calendars: BusinessCalendars,
    private readonly book: MarketRuleBook,
  ) {}

  async execute(context: CommandContext, offerId: string): Promise<{ offerId: string; bindingDue: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const found = await tx.manager.findOneBy(Offer, { id: offerId });
      if (!found) throw httpError('record_unknown');
      const request = await lockOwnRequest(tx, found.requestId);
      const offer = await lockOffer(tx, offerId);
      if (offer.state !== 'live' || offer.binding)
        throw marketplaceError('offer_not_live', {
          detail: offer.binding ? 'The offer is binding already.' : `The offer is ${offer.state}.`,
        });
      const now = await tx.now();
      await disclose(tx, request.id, offer.financierId, now);
      const { calendar } = await this.calendars.current(tx);
      const bindingDue = new Date(dueAt(calendar, now.getTime(), this.book.rules.bindingWorkingDays).dueAt);
      await tx.execute('UPDATE offer SET binding_due = COALESCE(binding_due, ?) WHERE id = ?', [
        bindingDue,
        idBytes(offerId),
      ]);
      // The enterprise must be able to accept what it asked for.
      if (request.decideBy && request.decideBy < bindingDue) {
        await updateVersioned(tx, FundingRequest, request, { decideBy: bindingDue });
        await setTimer(tx, marketTimers.decide, request.id, bindingDue);
      }
      announce(tx, 'offer', offerId, offer.version, 'ask_binding', offer.state, {
        audience: [offer.financierId],
        payload: { requestId: request.id, financierId: offer.financierId, bindingDue: bindingDue.toISOString() },
      });
      return { offerId, bindingDue: bindingDue.toISOString() };
    });
  }
}
