import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { TellOfMarket } from '../application/tell-of-market.js';

/** Something happened on the market: the people whom it concerns are told. */
@Injectable()
export class TellMarket implements EventHandler {
  readonly name = 'marketplace.tell-market';
  readonly events: readonly string[];

  constructor(private readonly notices: TellOfMarket) {
    this.events = notices.events;
  }

  async handle(tx: Transaction, event: DeliveredEvent): Promise<void> {
    await this.notices.within(tx, event);
  }
}
