import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import {
  type CommandContext,
  httpError,
  idBytes,
  idText,
  newId,
  systemContext,
  type Transaction,
  UnitOfWork,
} from '#platform';
import { guaranteeError } from '../domain/errors.js';
import { GuaranteeConsent, GuaranteeScheme } from '../persistence/entities.js';
import { assertPerson } from './board.js';
import { SchemeBook } from './scheme-book.js';

export const consentLanguages = ['en', 'ar', 'zh'] as const;

export interface ConsentInput {
  readonly language: (typeof consentLanguages)[number];
  /** Null: any lender that is accredited with the scheme. */
  readonly lenderId: string | null;
  readonly requestId: string | null;
  /** The text as it was read, so that nobody agrees to a text that has changed meanwhile. */
  readonly textSha256: string;
}

/** The enterprise's written consent: to its firm's data going to the scheme, and to the guarantee. */
@Injectable()
export class Consents {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly book: SchemeBook,
  ) {}

  /** The text to agree to, with its hash, by the scheme's code. */
  async textOf(code: string) {
    return this.unitOfWork.run(systemContext('guarantee.consent_text'), async (tx) => {
      const scheme = await tx.manager.findOneBy(GuaranteeScheme, { code });
      if (!scheme) throw guaranteeError('scheme_unknown');
      const { terms, number } = await this.book.inForce(tx, scheme.id);
      return {
        schemeId: scheme.id,
        schemeVersion: number,
        texts: consentLanguages.map((language) => ({
          language,
          text: terms.consentText[language],
          sha256: hashOf(terms.consentText[language]).toString('hex'),
        })),
      };
    });
  }

  /** A signatory consents for the enterprise. Refuses a hash that is not the present text's. */
  async give(context: CommandContext, schemeId: string, input: ConsentInput) {
    return this.unitOfWork.run(context, async (tx) => {
      assertPerson(tx);
      const { terms, number } = await this.book.inForce(tx, schemeId);
      const text = hashOf(terms.consentText[input.language]);
      if (text.toString('hex') !== input.textSha256)
        throw httpError('input_invalid', {
          fields: [{ pointer: '/textSha256', rule: 'current', message: 'is not the text in force: read it again' }],
        });
      const now = await tx.now();
      const consent: GuaranteeConsent = {
        id: newId(),
        schemeId,
        enterpriseId: context.actor.organisationId,
        lenderId: input.lenderId,
        requestId: input.requestId,
        language: input.language,
        schemeVersion: number,
        textSha256: text,
        personId: context.actor.id,
        givenAt: now,
        withdrawnAt: null,
      };
      await tx.manager.insert(GuaranteeConsent, consent);
      tx.audit({
        action: 'guarantee_consent.give',
        subjectType: 'guarantee_consent',
        subjectId: consent.id,
        data: { schemeId, lenderId: input.lenderId, requestId: input.requestId, textSha256: input.textSha256 },
      });
      return consentView(consent);
    });
  }

  /** Stops every new application; what was issued stands. */
  async withdraw(context: CommandContext, consentId: string) {
    return this.unitOfWork.run(context, async (tx) => {
      const enterpriseId = context.actor.organisationId;
      await tx.rows('SELECT id FROM guarantee_consent WHERE id = ? FOR UPDATE', [idBytes(consentId)]);
      const consent = await tx.manager.findOneBy(GuaranteeConsent, { id: consentId, enterpriseId });
      if (!consent) throw httpError('record_unknown');
      const withdrawnAt = consent.withdrawnAt ?? (await tx.now());
      if (!consent.withdrawnAt) {
        await tx.manager.update(GuaranteeConsent, { id: consentId }, { withdrawnAt });
        tx.audit({
          action: 'guarantee_consent.withdraw',
          subjectType: 'guarantee_consent',
          subjectId: consentId,
          data: { schemeId: consent.schemeId },
        });
      }
      return consentView({ ...consent, withdrawnAt });
    });
  }

  /** The consent that covers this lender and request; the newest counts. Refuses when there is none. */
  async assertGiven(
    tx: Transaction,
    of: {
      readonly schemeId: string;
      readonly enterpriseId: string;
      readonly lenderId: string;
      readonly requestId: string | null;
    },
  ): Promise<string> {
    const [row] = await tx.rows<{ id: Buffer }>(
      `SELECT id FROM guarantee_consent WHERE enterprise_id = ? AND scheme_id = ? AND withdrawn_at IS NULL
       AND (lender_id IS NULL OR lender_id = ?) AND (request_id IS NULL OR request_id = ?) ORDER BY id DESC LIMIT 1 LOCK IN SHARE MODE`,
      [
        idBytes(of.enterpriseId),
        idBytes(of.schemeId),
        idBytes(of.lenderId),
        of.requestId === null ? null : idBytes(of.requestId),
      ],
    );
    if (!row) throw guaranteeError('consent_missing');
    return idText(row.id);
  }
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export function consentView(row: GuaranteeConsent) {
  return {
    id: row.id,
    schemeId: row.schemeId,
    schemeVersion: row.schemeVersion,
    lenderId: row.lenderId,
    requestId: row.requestId,
    language: row.language,
    textSha256: row.textSha256.toString('hex'),
    personId: row.personId,
    givenAt: row.givenAt.toISOString(),
    withdrawnAt: row.withdrawnAt?.toISOString() ?? null,
  };
}
