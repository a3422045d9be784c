import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import {
  type CommandContext,
  DocumentStore,
  ENVIRONMENT,
  type Environment,
  httpError,
  newId,
  sniffMediaType,
  UnitOfWork,
} from '#platform';
import { countryDate } from '#platform/rulebooks';
import { type DocumentKind, receiptNumber } from '../domain/document.policy.js';
import { enterpriseError } from '../domain/errors.js';
import { EnterpriseDocument } from '../persistence/entities.js';
import { lockProfile } from './enterprise-profiles.js';
import { documentView } from './views.js';

export interface DocumentUpload {
  readonly kind: DocumentKind;
  readonly name: string;
  readonly content: Buffer;
}

/** A document with its bytes. */
export interface DocumentContent {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

export type DocumentView = ReturnType<typeof documentView>;

/** Takes, gives back and removes the enterprise's documents. Bytes are kept by their checksum and never changed. */
@Injectable()
export class Documents {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly store: DocumentStore,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** Answers with the receipt. The file is stored before the transaction: a stored file without a row harms nobody. */
  async upload(context: CommandContext, { kind, name, content }: DocumentUpload): Promise<DocumentView> {
    const mediaType = Buffer.isBuffer(content) ? sniffMediaType(content) : undefined;
    if (!mediaType) throw enterpriseError('document_unreadable');
    const checksum = await this.store.put(content);
    const { organisationId: enterpriseId, id: uploadedBy } = context.actor;
    return this.unitOfWork.run(context, async (tx) => {
      await lockProfile(tx, enterpriseId);
      const now = await tx.now();
      const id = newId();
      const receipt = receiptNumber(id, countryDate(this.environment.country, now));
      const document: EnterpriseDocument = {
        id,
        enterpriseId,
        kind,
        name,
        mediaType,
        sizeBytes: content.length,
        checksum,
        receipt,
        uploadedBy,
        uploadedAt: now,
        removedAt: null,
      };
      await tx.manager.insert(EnterpriseDocument, document);
      tx.audit({
        action: 'enterprise.upload_document',
        subjectType: 'enterprise',
        subjectId: enterpriseId,
        data: { documentId: id, kind, checksum, receipt },
      });
      return documentView(document);
    });
  }

  /** Takes a document off the list; what was handed in stays in the record. */
  async remove(context: CommandContext, id: string): Promise<void> {
    const enterpriseId = context.actor.organisationId;
    await this.unitOfWork.run(context, async (tx) => {
      const profile = await lockProfile(tx, enterpriseId);
      if (profile.status === 'submitted' || profile.status === 'in_review')
        throw enterpriseError('enterprise_under_review');
      const removedAt = await tx.now();
      const { affected } = await tx.manager.update(
        EnterpriseDocument,
        { id, enterpriseId, removedAt: IsNull() },
        { removedAt },
      );
      if (affected !== 1) throw httpError('record_unknown');
      tx.audit({
        action: 'enterprise.remove_document',
        subjectType: 'enterprise',
        subjectId: enterpriseId,
        data: { documentId: id },
      });
      return {};
    });
  }

  /** The enterprise has handed in exactly these bytes as a document of this kind. */
  async has(enterpriseId: string, kind: DocumentKind, content: Buffer): Promise<boolean> {
    const checksum = createHash('sha256').update(content).digest('hex');
    return this.dataSource.manager.existsBy(EnterpriseDocument, { enterpriseId, kind, checksum, removedAt: IsNull() });
  }

  /** The bytes, checked against the checksum. */
  async read(enterpriseId: string, id: string): Promise<DocumentContent> {
    const document = await this.dataSource.manager.findOneBy(EnterpriseDocument, { id, enterpriseId });
    if (!document) throw httpError('record_unknown');
    const { name, mediaType, checksum } = document;
    return { name, mediaType, content: await this.store.get(checksum) };
  }
}
