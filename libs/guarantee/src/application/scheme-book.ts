import { Injectable } from '@nestjs/common';
import { type Calculator, type GuaranteeFeeBook, guaranteeFeeCalculator } from '#finance';
import { type Actor, idBytes, type Transaction } from '#platform';
import { guaranteeFeeTables } from '#platform/rulebooks';
import { guaranteeError } from '../domain/errors.js';
import { readSchemeTerms, type SchemeTerms } from '../domain/scheme-terms.js';
import { GuaranteeScheme, SchemeVersion } from '../persistence/entities.js';

/** A scheme with the terms that count now. */
export interface SchemeInForce {
  readonly scheme: GuaranteeScheme;
  readonly number: number;
  readonly terms: SchemeTerms;
}

/** Schemes and their terms, as every use case needs them. A version never changes, so its terms are read once. */
@Injectable()
export class SchemeBook {
  private readonly kept = new Map<string, SchemeTerms>();
  /** `calc guarantee-fee` over the filed tables. */
  readonly calculate: Calculator = guaranteeFeeCalculator(guaranteeFeeTables());

  /** The book that holds a published table; refuses a table or a version that is not filed. */
  feeBook(table: string, version?: string): GuaranteeFeeBook {
    const book = guaranteeFeeTables().get(table);
    if (!book || (version !== undefined && book.version !== version))
      throw guaranteeError('fee_table_version', {
        detail: book ? `${table} is filed in version ${book.version}.` : `There is no table ${table}.`,
        data: { tables: [...guaranteeFeeTables()].map(([id, { version: filed }]) => ({ id, version: filed })) },
      });
    return book;
  }

  /** Locks a scheme of the caller's own organisation. Of another guarantor's it is not known. */
  async lockOwn(tx: Transaction, schemeId: string, actor: Actor = tx.context.actor): Promise<GuaranteeScheme> {
    const [row] = await tx.rows('SELECT id FROM guarantee_scheme WHERE id = ? AND guarantor_id = ? FOR UPDATE', [
      idBytes(schemeId),
      idBytes(actor.organisationId),
    ]);
    const found = row && (await tx.manager.findOneBy(GuaranteeScheme, { id: schemeId }));
    if (!found) throw guaranteeError('scheme_unknown');
    return found;
  }

  async scheme(tx: Transaction, schemeId: string): Promise<GuaranteeScheme> {
    const found = await tx.manager.findOneBy(GuaranteeScheme, { id: schemeId });
    if (!found) throw guaranteeError('scheme_unknown');
    return found;
  }

  /** The terms in force. Refuses a scheme that has none yet. */
  async inForce(tx: Transaction, schemeId: string): Promise<SchemeInForce> {
    const scheme = await this.scheme(tx, schemeId);
    if (scheme.currentVersion === null) throw guaranteeError('scheme_not_active');
    return {
      scheme,
      number: scheme.currentVersion,
      terms: await this.terms(tx, schemeId, scheme.currentVersion),
    };
  }

  async terms(tx: Transaction, schemeId: string, number: number): Promise<SchemeTerms> {
    const name = `${schemeId} ${number}`;
    const known = this.kept.get(name);
    if (known) return known;
    const row = await tx.manager.findOneBy(SchemeVersion, { schemeId, number });
    if (!row) throw new Error(`scheme ${schemeId} has no version ${number}`);
    const terms = readSchemeTerms(JSON.parse(row.terms));
    this.kept.set(name, terms);
    return terms;
  }
}
