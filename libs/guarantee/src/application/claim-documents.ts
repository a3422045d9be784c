import { Injectable } from '@nestjs/common';
import {
  type Actor,
  type CommandContext,
  documentMediaTypes,
  DocumentStore,
  newId,
  sniffMediaType,
  UnitOfWork,
} from '#platform';
import { DataSource } from 'typeorm';
import { claimDocumentKinds } from '../domain/claim-clauses.js';
import { claimError } from '../domain/claim-errors.js';
import { ClaimDocument, GuaranteeClaim } from '../persistence/claim.entities.js';
import { GuaranteeScheme } from '../persistence/entities.js';
import { ClaimSteps, isParty } from './claim-steps.js';

export type ClaimDocumentView = ReturnType<typeof documentView>;

export function documentView({ id, kind, fileName, mediaType, sizeBytes, checksum, addedAt }: ClaimDocument) {
  return { id, kind, fileName, mediaType, sizeBytes, sha256: checksum.toString('hex'), addedAt };
}

/** Documents of claims: the lender's proofs, and the guarantor's evidence of payment. */
@Injectable()
export class ClaimDocuments {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly store: DocumentStore,
    private readonly steps: ClaimSteps,
  ) {}

  /** Stores a file with the claim; its kind of file is what its bytes show. */
  async add(
    context: CommandContext,
    claimId: string,
    { kind, fileName }: { readonly kind: string; readonly fileName: string },
    content: Buffer,
  ): Promise<ClaimDocumentView> {
    const mediaType = Buffer.isBuffer(content) ? sniffMediaType(content) : undefined;
    if (!mediaType)
      throw claimError('claim_figures_incoherent', {
        fields: [{ pointer: '', rule: 'file', message: `must be one of ${documentMediaTypes.join(', ')}` }],
      });
    const checksum = await this.store.put(content);
    return this.unitOfWork.run(context, async (tx) => {
      const { claim } = await this.steps.lock(tx, claimId, context.actor);
      if (kind !== 'payment_evidence' && !claimDocumentKinds.some((each) => each === kind))
        throw claimError('claim_figures_incoherent', {
          fields: [
            {
              pointer: '/path/documentKind',
              rule: 'one_of',
              message: `must be one of ${claimDocumentKinds.join(', ')}`,
            },
          ],
        });
      const ofGuarantor = context.actor.organisationKind === 'guarantor';
      if (claim.state === 'closed' || (kind === 'payment_evidence') !== ofGuarantor)
        throw claimError('claim_figures_incoherent', {
          fields: [
            {
              pointer: '/kind',
              rule: 'party',
              message: 'payment_evidence is the guarantor’s, the others the lender’s',
            },
          ],
        });
      const document: ClaimDocument = {
        id: newId(),
        claimId,
        kind,
        fileName,
        mediaType,
        sizeBytes: content.length,
        checksum: Buffer.from(checksum, 'hex'),
        organisationId: context.actor.organisationId,
        addedBy: context.actor.id,
        addedAt: await tx.now(),
      };
      await tx.manager.insert(ClaimDocument, document);
      tx.audit({
        action: 'claim_document.add',
        subjectType: 'guarantee_claim',
        subjectId: claimId,
        data: { kind, fileName, sha256: checksum },
      });
      return documentView(document);
    });
  }

  /** The file itself, for the parties of the claim and the supervisor. */
  async read(actor: Actor, claimId: string, documentId: string): Promise<{ document: ClaimDocument; content: Buffer }> {
    const { manager } = this.dataSource;
    const claim = await manager.findOneBy(GuaranteeClaim, { id: claimId });
    const scheme = claim && (await manager.findOneBy(GuaranteeScheme, { id: claim.schemeId }));
    if (!claim || !scheme || !(actor.organisationKind === 'supervisor' || isParty(claim, scheme, actor)))
      throw claimError('claim_unknown');
    const document = await manager.findOneBy(ClaimDocument, { id: documentId, claimId });
    if (!document) throw claimError('claim_unknown');
    return { document, content: await this.store.get(document.checksum.toString('hex')) };
  }
}
