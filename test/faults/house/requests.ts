import { upload, type Firm, type Desk } from './parties.js';
import type { Json, Person } from './person.js';
import type { RunningMarket } from './running-market.js';

export const money = (amount: string) => ({ amount, currency: 'SAR' });

/** A draft with everything that its checklist asks for. */
export async function draftRequest(owner: Person, changes: object = {}): Promise<Json> {
  const draft = await owner.post('/v1/requests', {
    productKind: 'term_loan',
    amount: money('500000.00'),
    tenorMonths: 24,
    purpose: 'A second line for glass.',
    anonymousText: 'A maker of building materials adds a line.',
    shariahOnly: false,
    collateral: ['equipment'],
    mode: 'ranked',
    ...changes,
  });
  const { items } = await owner.get(`/v1/requests/${draft.id}/checklist`);
  for (const { what, done } of items as unknown as readonly { what: string; done: boolean }[]) {
    const kind = what.split(':')[1];
    if (done || !kind) continue;
    const document = await upload(owner, 'other');
    await owner.post(`/v1/requests/${draft.id}/documents`, { kind, documentId: document.id });
  }
  return draft;
}

export async function submitRequest(owner: Person, changes: object = {}): Promise<string> {
  const { id } = await draftRequest(owner, changes);
  await owner.post(`/v1/requests/${id}/submit`);
  return id;
}

/** Submitted, opened by the review lead, matched by the worker. Gives the request and its close. */
export async function openRequest(
  market: RunningMarket,
  { owner }: Firm,
  changes: object = {},
): Promise<{ id: string; closesAt: string }> {
  const id = await submitRequest(owner, changes);
  const opened = await (await market.lead()).post(`/v1/review/requests/${id}/open`);
  await market.settle();
  return { id, closesAt: String(opened['closesAt']) };
}

/** The firm shows itself to these financiers, which a binding offer needs. */
export async function disclose({ owner }: Firm, requestId: string, desks: readonly Desk[]): Promise<void> {
  for (const { id } of desks) await owner.post(`/v1/requests/${requestId}/disclosures`, { financierId: id });
}

/** A plain loan at this rate. */
export function offerOf(
  market: RunningMarket,
  rate: string,
  { binding = true, amount = '500000.00', days = 60 }: { binding?: boolean; amount?: string; days?: number } = {},
): object {
  return {
    binding,
    amount: money(amount),
    tenorMonths: 24,
    expiresAt: market.instant(days),
    terms: {
      contract: 'conventional',
      price: { kind: 'fixed', annualRate: rate },
      interest: 'declining',
      amortization: 'equal_instalments',
      everyMonths: 1,
      graceInstalments: 0,
      fees: [],
      collateral: ['equipment'],
      conditions: [],
      customerChecks: ['registration', 'beneficial owners'],
      recourse: true,
      earlySettlementPercent: '0',
      lateChargePercent: '0',
    },
  };
}
