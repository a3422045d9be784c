import { Injectable } from '@nestjs/common';
import { type CalendarDate, type MoneyJson, moneyFromJson } from '#kernel';
import { type CommandContext, type Transaction, UnitOfWork } from '#platform';
import { receivableError } from '../domain/errors.js';
import { intakeFaults } from '../domain/intake.policy.js';
import type { ReceivableKind, Side } from '../domain/receivable.js';
import { AnchorBranch } from '../persistence/entities.js';
import { Counterparties } from './counterparties.js';
import { ReceivableIntake } from './receivable-intake.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';
import { receivableView } from './receivable-views.js';
import { Receivables } from './receivables.js';

/** One receivable as JSON; the other party by its organisation or by its registration or tax number. */
export interface UploadInput {
  readonly kind: ReceivableKind;
  readonly side?: Side;
  readonly otherPartyId?: string;
  readonly otherPartyNumber?: string;
  readonly number: string;
  readonly issuedOn: string;
  readonly dueOn: string;
  readonly amount: MoneyJson;
  readonly branchCode?: string;
  readonly orderNumber?: string;
  readonly submit: boolean;
}

/** Uploads one receivable, from either side. The same claim sent again answers the one that is there. */
@Injectable()
export class UploadReceivable {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly parties: Counterparties,
    private readonly intake: ReceivableIntake,
    private readonly receivables: Receivables,
    private readonly book: ReceivableRuleBook,
  ) {}

  async execute(context: CommandContext, input: UploadInput) {
    return this.unitOfWork.run(context, (tx) => this.within(tx, input));
  }

  async within(tx: Transaction, input: UploadInput) {
    const { organisationId, organisationKind } = tx.context.actor;
    const side = input.side ?? sideOf(organisationKind);
    const { otherPartyId, otherPartyNumber } = input;
    if (otherPartyId === undefined && otherPartyNumber === undefined)
      throw receivableError('receivable_invalid', {
        fields: [{ pointer: '/otherPartyNumber', rule: 'required', message: 'or name the organisation' }],
      });
    const parties =
      otherPartyId === undefined
        ? (await this.parties.find(tx, organisationId, side, [otherPartyNumber as string])).get(
            otherPartyNumber as string,
          )
        : await this.parties.findById(tx, organisationId, side, otherPartyId);
    if (!parties || 'refusal' in parties) throw parties?.refusal ?? receivableError('anchor_unknown');
    const { minor, currency } = moneyFromJson(input.amount);
    const facts = {
      kind: input.kind,
      number: input.number,
      issuedOn: input.issuedOn as CalendarDate,
      dueOn: input.dueOn as CalendarDate,
      amountMinor: minor,
    };
    const faults = intakeFaults(facts, parties.anchorKind, this.book.today(await tx.now()));
    if (faults.length > 0) throw receivableError('receivable_invalid', { fields: faults });
    const [answer] = await this.intake.within(tx, [
      {
        ...facts,
        parties,
        side,
        currency,
        branchId: await branchIdOf(tx, parties.anchorId, input.branchCode),
        orderNumber: input.orderNumber ?? null,
        documentChecksum: null,
        batchId: null,
        batchRow: null,
        submit: input.submit,
      },
    ]);
    const { receivableId, created } = answer as NonNullable<typeof answer>;
    const [receivable] = await this.receivables.readAll(tx, [receivableId]);
    return { created, ...receivableView(receivable as NonNullable<typeof receivable>) };
  }
}

/** An anchor uploads what it owes, anybody else what is owed to it. */
export function sideOf(organisationKind: string): Side {
  return organisationKind === 'anchor' ? 'anchor' : 'seller';
}

/** The open branch with this code; null where none is named. */
export async function branchIdOf(tx: Transaction, anchorId: string, code: string | undefined): Promise<string | null> {
  if (code === undefined) return null;
  const branch = await tx.manager.findOneBy(AnchorBranch, { anchorId, code, status: 'open' });
  if (!branch) throw receivableError('branch_unknown');
  return branch.id;
}
