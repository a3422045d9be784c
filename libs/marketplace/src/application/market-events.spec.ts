import { awardLifecycle } from '../domain/award.lifecycle.js';
import { fundingRequestLifecycle } from '../domain/funding-request.lifecycle.js';
import { murabahaSaleLifecycle } from '../domain/murabaha-sale.lifecycle.js';
import { offerLifecycle } from '../domain/offer.lifecycle.js';
import { marketEvents } from './market-events.js';
import { pastOf } from './records.js';

/** Bulk steps of losing offers are told by the event of their request. */
const silent = ['offer.lost', 'offer.revived'];

it.each([fundingRequestLifecycle, offerLifecycle, awardLifecycle, murabahaSaleLifecycle].map(({ table }) => table))(
  'webhooks can subscribe to every step of a $name',
  ({ name, transitions }) => {
    const events = Object.keys(transitions).map((action) => `${name}.${pastOf(action)}`);
    expect(events.filter((event) => !(event in marketEvents) && !silent.includes(event))).toEqual([]);
  },
);
