import { addDays, type CalendarDate } from '#kernel';
import { AnchorLimitReader, ChangeAnchorLimits } from '#institutions';
import { addWorkingTime } from '#finance';
import { type CommandContext, idBytes, idText, newId } from '#platform';
import { businessCalendars } from '#platform/rulebooks';
import {
  BookStatement,
  DecideProposal,
  ProposeSteps,
  ReceivableRuleBook,
  SaveAnchor,
  UploadReceivable,
  type UploadInput,
  VerifyAnchor,
} from '#receivables';
import { MatchRequest } from '../application/match-request.js';
import { ListReceivables, type ListingInput } from '../application/list-receivables.js';
import type { BidInput } from '../application/place-bid.js';
import { lockRequest } from '../application/records.js';
import { MarketHouse } from './market-house.js';

/** Seconds from now to half an hour after the market's next opening: tests bid at whatever time they run. */
function toOpenMarket(): number {
  const calendar = businessCalendars().get('SA');
  if (!calendar) throw new Error('no calendar');
  const tomorrow = Date.now() + 86_400_000;
  return Math.round((addWorkingTime(calendar, tomorrow, 1_800_000) - Date.now()) / 1000);
}

/** A market for receivables in its opening hours: anchors confirm, sellers list, financiers with limits bid. */
export class ReceivablesTrade {
  private constructor(readonly house: MarketHouse) {}

  static async open(): Promise<ReceivablesTrade> {
    const trade = new ReceivablesTrade(await MarketHouse.open({ clockOffsetSeconds: toOpenMarket() }));
    // Four that look like a seller, so that its brief shows something.
    for (let n = 0; n < 4; n++) await trade.house.enterprise();
    return trade;
  }

  get today(): CalendarDate {
    const { clockOffsetSeconds } = this.house.database.environment;
    return this.house.get(ReceivableRuleBook).today(new Date(Date.now() + clockOffsetSeconds * 1000));
  }

  /** A verified anchor: its maker, with a checker beside. */
  async anchor(
    kind: 'company' | 'tax_authority' = 'company',
  ): Promise<{ maker: CommandContext; checker: CommandContext }> {
    const { house } = this;
    const administrator = await house.organisation('anchor', ['administrator']);
    const profile = { kind, visibility: 'public' as const, taxId: newId().slice(-12), about: 'Buys.' };
    await house.get(SaveAnchor).execute(administrator, 0, profile);
    await house.get(VerifyAnchor).submit(administrator);
    await house.rows('UPDATE review_case SET assignee_id = ? WHERE subject_id = ?', [
      idBytes(house.reviewer.actor.id),
      idBytes(administrator.actor.organisationId),
    ]);
    await house
      .get(VerifyAnchor)
      .decide(house.reviewer, administrator.actor.organisationId, { verified: true, reasons: [] });
    const maker = await house.colleague(administrator, ['maker']);
    return { maker, checker: await house.colleague(administrator, ['checker']) };
  }

  /** A bank for receivables, with a limit on these anchors. */
  async bank(limit: string, ...anchors: readonly { maker: CommandContext }[]): Promise<CommandContext> {
    const bank = await this.house.financier({
      products: ['invoice_discounting', 'receivables_pool', 'order_finance', 'tax_refund_advance'],
    });
    for (const { maker } of anchors) await this.limit(bank, maker.actor.organisationId, limit);
    return bank;
  }

  async limit(bank: CommandContext, anchorId: string, amount: string): Promise<void> {
    const change = this.house.get(ChangeAnchorLimits);
    const { id } = await change.propose(bank, { anchorId, limit: { amount, currency: 'SAR' }, reason: 'committee' });
    await change.decide(await this.house.colleague(bank, ['checker']), id, 'approve');
  }

  /** What of the bank's limit on an anchor is used. */
  async used(bank: CommandContext, anchor: { maker: CommandContext }): Promise<string | undefined> {
    const { items } = await this.house.get(AnchorLimitReader).own(bank.actor.organisationId);
    return items.find(({ anchorId }) => anchorId === anchor.maker.actor.organisationId)?.used.amount;
  }

  /** Uploads and has confirmed what the anchor owes the seller; answers its certificate. */
  async certificate(
    seller: CommandContext,
    anchor: { maker: CommandContext; checker: CommandContext },
    changes: Partial<UploadInput> = {},
  ): Promise<string> {
    const { house } = this;
    const { id } = await house.get(UploadReceivable).execute(seller, {
      kind: 'invoice',
      otherPartyId: anchor.maker.actor.organisationId,
      number: `INV-${newId().slice(-12)}`,
      issuedOn: addDays(this.today, -3),
      dueOn: addDays(this.today, 90),
      amount: { amount: '120000.00', currency: 'SAR' },
      submit: true,
      ...changes,
    });
    const undertaking = { version: house.get(ReceivableRuleBook).undertaking.version, language: 'en' as const };
    const proposal = await house
      .get(ProposeSteps)
      .execute(anchor.maker, { action: 'confirm', receivableIds: [id], undertaking });
    await house.get(DecideProposal).approve(anchor.checker, proposal.id, undertaking);
    const [row] = await house.rows<{ id: Buffer }>('SELECT id FROM certificate WHERE receivable_id = ?', [idBytes(id)]);
    return idText((row as { id: Buffer }).id);
  }

  /** Lists certificates and matches the request, as the worker would. */
  async list(seller: CommandContext, certificateIds: readonly string[], mode: ListingInput['mode'] = 'ranked') {
    const listed = await this.house.get(ListReceivables).execute(seller, { certificateIds, mode });
    if (listed.state === 'open') await this.match(listed.id);
    return listed;
  }

  async match(requestId: string): Promise<void> {
    await this.house.run(async (tx) => {
      await this.house.get(MatchRequest).within(tx, await lockRequest(tx, requestId));
    });
  }

  /** The state of a certificate and for whom it stands. */
  async certificateOf(id: string): Promise<{ status: string; holder: string }> {
    const [row] = await this.house.rows<{ status: string; holder_organisation_id: Buffer }>(
      'SELECT status, holder_organisation_id FROM certificate WHERE id = ?',
      [idBytes(id)],
    );
    if (!row) throw new Error(`no certificate ${id}`);
    return { status: row.status, holder: idText(row.holder_organisation_id) };
  }

  async requestState(id: string): Promise<string> {
    const [row] = await this.house.rows<{ state: string }>('SELECT state FROM funding_request WHERE id = ?', [
      idBytes(id),
    ]);
    return row?.state ?? 'none';
  }

  /** The bank's statement says that these amounts came in under these references. */
  async booked(...entries: readonly { readonly reference: string; readonly amount: string }[]): Promise<void> {
    await this.house.get(BookStatement).execute(this.house.reviewer, Buffer.from(statementOf(entries)));
  }

  /** The reference and amount under which something is to be paid into the settlement account. */
  async obligation(kind: 'first_leg' | 'maturity', subjectId: string): Promise<{ reference: string; amount: string }> {
    const [row] = await this.house.rows<{ reference: string; amount_minor: string }>(
      'SELECT reference, amount_minor FROM settlement_obligation WHERE kind = ? AND subject_id = ?',
      [kind, idBytes(subjectId)],
    );
    if (!row) throw new Error(`no ${kind} of ${subjectId}`);
    return { reference: row.reference, amount: (Number(row.amount_minor) / 100).toFixed(2) };
  }
}

/** A statement of the settlement account as a bank sends it (camt.053.001.08). */
function statementOf(entries: readonly { readonly reference: string; readonly amount: string }[]): string {
  const id = newId().slice(-12);
  const total = entries.reduce((sum, { amount }) => sum + Number(amount), 0).toFixed(2);
  const balance = (code: string, amount: string): string =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp><Amt Ccy="SAR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>`;
  const lines = entries.map(
    ({ reference, amount }, n) =>
      `<Ntry><Amt Ccy="SAR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt><AcctSvcrRef>${id}-${n}</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Strd><CdtrRefInf><Ref>${reference}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>M-${id}</MsgId><CreDtTm>2026-03-02T20:00:00Z</CreDtTm></GrpHdr><Stmt><Id>${id}</Id><CreDtTm>2026-03-02T20:00:00Z</CreDtTm><Acct><Id><IBAN>SA4420000001234567891234</IBAN></Id><Ccy>SAR</Ccy></Acct>${balance('OPBD', '0.00')}${balance('CLBD', total)}${lines.join('')}</Stmt></BkToCstmrStmt></Document>`;
}

/** A bid at a rate, without recourse, holdback or fees. */
export const bidAt = (annualRate: string, changes: Partial<BidInput> = {}): BidInput => ({
  price: { kind: 'fixed', annualRate },
  recourse: false,
  holdbackPercent: '0',
  fees: [],
  ...changes,
});
