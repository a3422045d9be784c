import { Injectable } from '@nestjs/common';
import type { Transaction } from '#platform';
import { receivableError } from '../domain/errors.js';
import { type ReceivableKind, receivableKinds } from '../domain/receivable.js';
import { bindingActions, type ProposalAction } from '../domain/proposal.lifecycle.js';
import { type UndertakingLanguage, undertakingLanguages } from '../domain/undertaking.js';
import { keepUndertaking } from '../persistence/proposal.store.js';
import { ReceivableRuleBook } from './receivable-rule-book.js';

/** What somebody of the anchor says that he agrees to. */
export interface Agreement {
  readonly version: string;
  readonly language: UndertakingLanguage;
}

/** The undertaking: its present words, and the proof of who agreed to which. */
@Injectable()
export class Undertakings {
  constructor(private readonly book: ReceivableRuleBook) {}

  /** The words in force, in every language, with their hashes. */
  present() {
    const { version, title } = this.book.undertaking;
    return {
      version,
      title,
      texts: receivableKinds.flatMap((kind) =>
        undertakingLanguages.map((language) => {
          const { text, hash } = this.book.wording(kind, language);
          return { kind, language, text, sha256: hash.toString('hex') };
        }),
      ),
    };
  }

  /** Refuses a binding step without agreement, or with one to words that are not in force. Keeps the words. */
  async agree(
    tx: Transaction,
    action: ProposalAction,
    agreement: Agreement | undefined,
  ): Promise<UndertakingLanguage | null> {
    if (!bindingActions.includes(action)) return null;
    if (!agreement) throw receivableError('undertaking_missing');
    const { version } = this.book.undertaking;
    if (agreement.version !== version) throw receivableError('undertaking_outdated', { data: { version } });
    const { language } = agreement;
    const texts = receivableKinds.map((kind) => ({ kind, language, version, ...this.book.wording(kind, language) }));
    await keepUndertaking(tx, texts, await tx.now());
    return language;
  }

  /** SHA-256 of what was agreed to for a receivable of this kind; an accepted delivery is agreed to as an invoice. */
  hashOf(action: ProposalAction, kind: ReceivableKind, language: UndertakingLanguage | null): Buffer | null {
    if (language === null) return null;
    return this.book.wording(action === 'accept_delivery' ? 'invoice' : kind, language).hash;
  }
}
