import { identityPersistence } from '#identity';
import { ContextHouse, wire } from '#identity/testing';
import { type CommandContext, newId, platformPersistence } from '#platform';
import { reviewPersistence } from '#review';
import {
  ChangeAnchorLimits,
  DecideLimits,
  institutionEventHandlers,
  institutionPersistence,
  institutionTimerHandlers,
  InstitutionsModule,
  type MandateInput,
  type MandateView,
  MoveMandate,
  ProposeLimits,
  SaveFinancierProfile,
  SaveMandate,
  VerifyFinancier,
} from '../index.js';

/** A financier of the tests: its people have one role each. */
export interface TestFinancier {
  readonly id: string;
  readonly maker: CommandContext;
  readonly otherMaker: CommandContext;
  readonly checker: CommandContext;
  readonly otherChecker: CommandContext;
}

export const sar = (amount: string) => ({ amount, currency: 'SAR' });

/** Terms of a mandate that takes everything from 1,000 to 1,000,000 riyals. */
export function mandateInput(changes: Partial<MandateInput> = {}): MandateInput {
  return {
    reference: newId(),
    name: 'Working capital for small firms',
    productKinds: [],
    amountMin: sar('1000.00'),
    amountMax: sar('1000000.00'),
    tenorMin: 1,
    tenorMax: 36,
    sectors: [],
    regions: [],
    sizeClasses: [],
    ageBands: [],
    gradeFloor: null,
    collateral: [],
    offersShariah: false,
    shariahOnly: false,
    womenLedOnly: false,
    ruralOnly: false,
    validFrom: '2020-01-01',
    validTo: null,
    ...changes,
  };
}

/** Institutions on a database of their own, wired by their modules as in the api. */
export class InstitutionHouse extends ContextHouse {
  lead!: CommandContext;

  static async open(): Promise<InstitutionHouse> {
    const house = new InstitutionHouse(
      await wire({
        contexts: [platformPersistence, identityPersistence, reviewPersistence, institutionPersistence],
        modules: [InstitutionsModule],
        eventHandlers: institutionEventHandlers,
        timerHandlers: institutionTimerHandlers,
      }),
    );
    house.lead = await house.organisation('operator', ['review_lead']);
    return house;
  }

  /** Fires the timers that are due when the database's clock shows `instant`. */
  async fireTimersAt(instant: string): Promise<void> {
    await this.fireTimersAfter((Date.parse(instant) - Date.now()) / 1000);
  }

  /** A verified financier with two makers and two checkers. */
  async financier(verified = true): Promise<TestFinancier> {
    const administrator = await this.organisation('financier', ['administrator'], { verified: false });
    const id = administrator.actor.organisationId;
    const maker = await this.colleague(administrator, ['maker']);
    const otherMaker = await this.colleague(administrator, ['maker']);
    const checker = await this.colleague(administrator, ['checker']);
    const otherChecker = await this.colleague(administrator, ['checker']);
    await this.get(SaveFinancierProfile).execute(maker, 0, {
      kind: 'bank',
      licenceNumber: 'L-1',
      regulator: 'SAMA',
      about: 'A bank.',
    });
    if (verified) {
      await this.get(VerifyFinancier).submit(maker);
      await this.get(VerifyFinancier).decide(this.lead, id, { verified: true, reasons: [] });
    }
    return { id, maker, otherMaker, checker, otherChecker };
  }

  /** A live mandate with these limits, proposed by the maker and approved by the checker. */
  async liveMandate(
    { maker, checker }: TestFinancier,
    limits: { perEnterprise?: string; perAnchor?: string; monthlyAppetite?: string } = {},
    changes: Partial<MandateInput> = {},
  ): Promise<MandateView> {
    const { id } = await this.get(SaveMandate).create(maker, mandateInput(changes));
    await this.approveLimits({ maker, checker }, id, limits);
    return this.get(MoveMandate).execute(maker, id, 'publish');
  }

  async approveLimits(
    { maker, checker }: Pick<TestFinancier, 'maker' | 'checker'>,
    mandateId: string,
    limits: { perEnterprise?: string; perAnchor?: string; monthlyAppetite?: string },
  ): Promise<void> {
    const money = (amount: string | undefined) => (amount === undefined ? null : sar(amount));
    const { id } = await this.get(ProposeLimits).execute(maker, mandateId, {
      perEnterprise: money(limits.perEnterprise),
      perAnchor: money(limits.perAnchor),
      monthlyAppetite: money(limits.monthlyAppetite),
      reason: 'test',
    });
    await this.get(DecideLimits).execute(checker, id, 'approve');
  }

  /** An anchor on which these financiers have limits, proposed by their makers and approved by their checkers. */
  async anchor(limits: readonly { bank: TestFinancier; limit: string }[] = []): Promise<string> {
    const { actor } = await this.organisation('anchor', ['administrator'], { verified: false });
    const anchorId = actor.organisationId;
    for (const { bank, limit } of limits) await this.approveAnchorLimit(bank, anchorId, limit);
    return anchorId;
  }

  async approveAnchorLimit({ maker, checker }: TestFinancier, anchorId: string, limit: string): Promise<void> {
    const change = this.get(ChangeAnchorLimits);
    const { id } = await change.propose(maker, { anchorId, limit: sar(limit), reason: 'test' });
    await change.decide(checker, id, 'approve');
  }
}
