// size: one small world for every test of guarantees.
import { enterprisePersistence } from '#enterprises';
import { identityPersistence } from '#identity';
import { ContextHouse, wire } from '#identity/testing';
import { institutionPersistence } from '#institutions';
import { checkLedger, ledgerPersistence } from '#ledger';
import { noticesPersistence } from '#notices';
import {
  type CommandContext,
  type Environment,
  idBytes,
  idText,
  newId,
  type Persistence,
  platformPersistence,
  systemContext,
} from '#platform';
import { reviewPersistence } from '#review';
import {
  Accreditations,
  type ApplicationInput,
  ApplyForGuarantee,
  Board,
  Consents,
  Contributions,
  DrawLetters,
  type DrawnLetter,
  GuaranteeModule,
  guaranteePersistence,
  ReviewApplication,
  Schemes,
  schemeTemplates,
} from '../index.js';
import type { MotionKind } from '../application/motion-subject.js';

const contexts: readonly Persistence[] = [
  platformPersistence,
  identityPersistence,
  noticesPersistence,
  ledgerPersistence,
  reviewPersistence,
  enterprisePersistence,
  institutionPersistence,
  guaranteePersistence,
];

export const riyals = (amount: string) => ({ amount, currency: 'SAR' });

/** One guarantor with two makers, two checkers and a board of three, lenders and enterprises as a test needs them. */
export class GuaranteeHouse extends ContextHouse {
  guarantorId = '';
  maker: CommandContext = systemContext('none');
  otherMaker: CommandContext = systemContext('none');
  checker: CommandContext = systemContext('none');
  board: CommandContext[] = [];

  static async open(changes: Partial<Environment> = {}): Promise<GuaranteeHouse> {
    const house = new GuaranteeHouse(await wire({ contexts, modules: [GuaranteeModule] }, changes));
    await house.organisation('operator', ['reviewer', 'review_lead']);
    house.maker = await house.organisation('guarantor', ['maker'], { limit: 10n ** 15n });
    house.guarantorId = house.maker.actor.organisationId;
    house.otherMaker = await house.colleague(house.maker, ['maker']);
    house.checker = await house.colleague(house.maker, ['checker'], 10n ** 15n);
    for (let seat = 0; seat < 3; seat++)
      house.board.push(await house.colleague(house.maker, ['board', 'checker'], 10n ** 15n));
    return house;
  }

  /** An open scheme with the country's filed terms, changed as a test needs, and this much paid in 4 : 6 (major units). */
  async scheme(
    changes: (terms: Record<string, unknown>) => void = () => undefined,
    paidIn = '10000000',
  ): Promise<string> {
    const template = schemeTemplates().get('SA');
    const terms = structuredClone(template?.terms) as Record<string, unknown>;
    changes(terms);
    const schemes = this.get(Schemes);
    const board = this.get(Board);
    const names = { en: 'Growth guarantee', ar: 'ضمان النمو', zh: '成长担保' };
    const { id } = await schemes.create(this.maker, { code: `S${++this.number}`, names, currency: 'SAR' });
    for (const { actor } of this.board)
      await board.appoint(this.maker, id, { personId: actor.id, title: 'member', approvalLimit: null });
    const version = await schemes.proposeVersion(this.maker, id, terms, 'first terms');
    await this.carry(id, 'version', version.id);
    await schemes.putInForce(this.board[0] as CommandContext, id, version.number);
    await this.carry(id, 'scheme', id);
    await schemes.move(this.board[0] as CommandContext, id, 'open', 'ready');
    if (Number(paidIn) > 0) {
      await this.payIn(id, 'institution', (Number(paidIn) * 0.4).toFixed(2));
      await this.payIn(id, 'government', (Number(paidIn) * 0.6).toFixed(2));
    }
    return id;
  }

  async carry(schemeId: string, kind: MotionKind, subjectId: string, amount: string | null = null): Promise<string> {
    const board = this.get(Board);
    const motion = await board.propose(this.maker, schemeId, {
      kind,
      subjectId,
      relatedIds: [],
      title: kind,
      amount: amount === null ? null : riyals(amount),
    });
    for (const member of this.board) await board.vote(member, schemeId, motion.id, 'for', '');
    await board.attachMinutes(this.maker, schemeId, motion.id, 'minutes.pdf', Buffer.from(`%PDF-1.4 ${motion.id}`));
    await board.close(this.board[0] as CommandContext, schemeId, motion.id);
    return motion.id;
  }

  async payIn(schemeId: string, sourceClass: string, amount: string): Promise<void> {
    const contributions = this.get(Contributions);
    const made = await contributions.promise(this.maker, schemeId, {
      sourceName: `Source ${++this.number}`,
      sourceClass,
      amount: riyals(amount),
      dueOn: '2030-01-01',
    });
    const payment = await contributions.enterPayment(this.maker, schemeId, made.id, {
      amount: riyals(amount),
      paidOn: new Date().toISOString().slice(0, 10),
      bankReference: `B${this.number}`,
    });
    await contributions.decidePayment(this.checker, schemeId, payment.id, true);
  }

  /** A bank that is accredited with the scheme. */
  async lender(schemeId: string): Promise<CommandContext> {
    const lender = await this.organisation('financier', ['maker']);
    await this.rows(
      `INSERT INTO financier_profile (id, kind, licence_number, regulator, about, website, status, version, created_at, updated_at)
       VALUES (?, 'bank', 'L', 'SAMA', '', '', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(lender.actor.organisationId)],
    );
    await this.accredit(schemeId, lender.actor.organisationId);
    return lender;
  }

  async accredit(schemeId: string, lenderId: string): Promise<string> {
    const accreditations = this.get(Accreditations);
    const { id } = await accreditations.propose(this.maker, schemeId, { lenderId, validTo: null, reason: 'fit' });
    await accreditations.move(this.checker, schemeId, id, 'approve', 'fit');
    return id;
  }

  /** A verified small manufacturer in Riyadh that has consented. */
  async enterprise(schemeId: string): Promise<CommandContext> {
    const firm = await this.organisation('enterprise', ['signatory']);
    await this.rows(
      `INSERT INTO enterprise_profile (id, legal_form, sector, region, founded_on, staff, women_led, size_class, status, version, created_at, updated_at)
       VALUES (?, 'llc', 'C', 'SA-01', '2018-05-01', 20, 0, 'small', 'verified', 1, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))`,
      [idBytes(firm.actor.organisationId)],
    );
    await this.consent(schemeId, firm);
    return firm;
  }

  async consent(schemeId: string, firm: CommandContext): Promise<string> {
    const consents = this.get(Consents);
    const [scheme] = await this.rows<{ code: string }>('SELECT code FROM guarantee_scheme WHERE id = ?', [
      idBytes(schemeId),
    ]);
    const { texts } = await consents.textOf(String(scheme?.code));
    const { id } = await consents.give(firm, schemeId, {
      language: 'en',
      lenderId: null,
      requestId: null,
      textSha256: texts[0]?.sha256 as string,
    });
    return id;
  }

  application(schemeId: string, enterpriseId: string, changes: Partial<ApplicationInput> = {}): ApplicationInput {
    return {
      schemeId,
      enterpriseId,
      agreementId: null,
      note: '',
      amount: riyals('100000.00'),
      coverPercent: '80.00',
      otherCoverPercent: '0.00',
      productKind: 'term_loan',
      tenorMonths: 24,
      graceMonths: 0,
      repayment: 'instalments',
      retainedCollateral: false,
      ...changes,
    };
  }

  /** An application that maker and checker approved. */
  async approved(
    lender: CommandContext,
    input: ApplicationInput,
    origin?: { requestId: string; offerId: string },
  ): Promise<string> {
    const apply = this.get(ApplyForGuarantee);
    const review = this.get(ReviewApplication);
    const { id } = await apply.create(lender, input, origin);
    await apply.submit(lender, id);
    await review.propose(this.maker, id, { outcome: 'approve', clauses: [], reason: 'fits' });
    await review.decide(this.checker, id, { outcome: 'approve', clauses: [], reason: 'fits' });
    return id;
  }

  /**
   * Many approved applications at once, as the whole way of each would leave them: copies of one that went it. Each stands for a
   * request of its own.
   */
  async approvedMany(templateId: string, count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, newId);
    const columns = await this.rows<{ column_name: string }>(
      `SELECT column_name AS column_name FROM information_schema.columns
       WHERE table_schema = DATABASE() AND table_name = 'guarantee_application' AND column_name NOT IN ('id', 'live', 'request_id', 'offer_id')`,
    );
    const names = columns.map(({ column_name }) => column_name).join(', ');
    for (const id of ids)
      await this.rows(
        `INSERT INTO guarantee_application (id, request_id, offer_id, ${names})
         SELECT ?, ?, ?, ${names} FROM guarantee_application WHERE id = ?`,
        [idBytes(id), idBytes(newId()), idBytes(newId()), idBytes(templateId)],
      );
    return ids;
  }

  draw(lender: CommandContext, applicationId: string, key?: string): Promise<DrawnLetter> {
    const context = key
      ? { ...lender, idempotency: { clientId: lender.actor.id, key, route: 'test', inputHash: Buffer.alloc(32) } }
      : lender;
    return this.get(DrawLetters).execute(context, applicationId);
  }

  /** Minor units that a scheme's rows say are taken, and what the hot row says with what is not folded yet. */
  async capacity(schemeId: string): Promise<{ rows: bigint; row: bigint; base: bigint; ledger: bigint }> {
    const id = idBytes(schemeId);
    const one = async (sql: string, parameters: unknown[]): Promise<bigint> =>
      BigInt((await this.rows<{ n: string | null }>(sql, parameters))[0]?.n ?? 0);
    const pending = (scope: string) =>
      one('SELECT SUM(amount_minor) AS n FROM capacity_movement WHERE scheme_id = ? AND scope = ?', [id, scope]);
    const reserved = await one(
      "SELECT SUM(amount_minor) AS n FROM guarantee_reservation WHERE scheme_id = ? AND status = 'live'",
      [id],
    );
    const bound = await one(
      "SELECT SUM(balance_minor) AS n FROM guarantee WHERE scheme_id = ? AND state IN ('issued', 'in_force', 'claimed')",
      [id],
    );
    const used = await one('SELECT used_minor AS n FROM scheme_capacity WHERE scheme_id = ?', [id]);
    const base = await one('SELECT base_minor AS n FROM scheme_capacity WHERE scheme_id = ?', [id]);
    const ledger = await one(
      `SELECT SUM(CASE WHEN c.id IS NOT NULL THEN p.amount ELSE 0 END) - SUM(CASE WHEN d.id IS NOT NULL THEN p.amount ELSE 0 END) AS n
       FROM ledger_posting p
       LEFT JOIN ledger_account c ON c.id = p.credit_account_id AND c.owner_id = ? AND c.purpose IN (${basePurposes})
       LEFT JOIN ledger_account d ON d.id = p.debit_account_id AND d.owner_id = ? AND d.purpose IN (${basePurposes})`,
      [id, id],
    );
    return {
      rows: reserved + bound,
      row: used - (await pending('total')),
      base: base + (await pending('base')),
      ledger,
    };
  }

  /** The ledger's own proof. */
  async books(): Promise<boolean> {
    return (await this.run(checkLedger)).ok;
  }

  /** Ids of a scheme's guarantees in a state. */
  async inState(schemeId: string, state: string): Promise<string[]> {
    const rows = await this.rows<{ id: Buffer }>('SELECT id FROM guarantee WHERE scheme_id = ? AND state = ?', [
      idBytes(schemeId),
      state,
    ]);
    return rows.map(({ id }) => idText(id));
  }
}

/** What makes up the base, in the ledger's words: equity and income add, expenses take away, each by its own side. */
const basePurposes =
  "'paid_in_capital', 'guarantee_fee_income', 'recovery_income', 'reguarantee_income', 'claim_expense', 'provision_expense'";
