import { createHmac, hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from '#platform';
import { type FingerprintFacts, fingerprintTexts, numberSkeleton, orderTexts } from '../domain/fingerprint.js';
import type { ReceivableRecord } from '../domain/receivable.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';

/** HMAC-SHA-256 cut to 128 bits (NIST SP 800-107 §5.1): nobody without the key learns a claim from it, and no two claims share one by chance. */
export interface FingerprintSet {
  readonly exact: Buffer;
  readonly number: Buffer;
  readonly groups: Buffer;
  readonly amount: Buffer;
  /** Asked for and never kept. */
  readonly amountNear: readonly [Buffer, Buffer];
}

/** What a claim is kept under for its order, and what is looked for; between claims of this registry only. */
export interface OrderKeys {
  readonly kept: Buffer;
  readonly asked: Buffer;
}

/** The fingerprints of a claim that is here. */
export type ClaimPrints = FingerprintSet & { readonly order: OrderKeys | undefined };

/** The kinds of loose fingerprints as the registry's table numbers them. */
export const looseKind = { number: 1, groups: 2, amount: 3, order: 4 } as const;

const bytes = 16;

/** Takes the keyed fingerprints of claims. */
@Injectable()
export class Fingerprints {
  private readonly key: Buffer;

  constructor(
    @Inject(ENVIRONMENT) environment: Environment,
    private readonly book: ReceivableRuleBook,
  ) {
    const material = environment.fingerprintKey ?? environment.secret;
    this.key = Buffer.from(hkdfSync('sha256', material, '', 'receivable-fingerprint', 32));
  }

  of(facts: FingerprintFacts): FingerprintSet {
    const texts = fingerprintTexts(facts, this.book.rules.registry.nearDays);
    const [before, after] = texts.amountNear;
    return {
      exact: this.keyed(texts.exact),
      number: this.keyed(texts.number),
      groups: this.keyed(texts.groups),
      amount: this.keyed(texts.amount),
      amountNear: [this.keyed(before), this.keyed(after)],
    };
  }

  /** By which a claim is found by its order, or an order by its invoices; undefined for a claim that names none. */
  ofOrder(
    parties: Pick<FingerprintFacts, 'seller' | 'debtor'>,
    { kind, number, orderNumber }: Pick<ReceivableRecord, 'kind' | 'number' | 'orderNumber'>,
  ): OrderKeys | undefined {
    const isOrder = kind === 'purchase_order';
    const named = isOrder ? number : orderNumber;
    if (!named || numberSkeleton(named) === '') return undefined;
    const texts = orderTexts(parties, named);
    const [ordered, invoiced] = [this.keyed(texts.ordered), this.keyed(texts.invoiced)];
    return isOrder ? { kept: ordered, asked: invoiced } : { kept: invoiced, asked: ordered };
  }

  private keyed(text: string): Buffer {
    return createHmac('sha256', this.key).update(text, 'utf8').digest().subarray(0, bytes);
  }
}

/** Every loose key by which a claim is looked for, here and in other registries. */
export function looseKeysOf({ number, groups, amount, amountNear }: FingerprintSet): readonly Buffer[] {
  return [number, groups, amount, ...amountNear];
}
