import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity';
import { ReviewModule } from '#review';
import { DeclareBankAccount } from './application/declare-bank-account.js';
import { Documents } from './application/documents.js';
import { EnterpriseLists } from './application/enterprise-lists.reader.js';
import { EnterpriseReader } from './application/enterprise.reader.js';
import { FileScreening } from './application/file-screening.js';
import { SaveProfile } from './application/save-profile.js';
import { SaveStatement } from './application/save-statement.js';
import { VerifyEnterprise } from './application/verify-enterprise.js';
import { SCREENING } from './domain/screening.js';
import { EnterpriseReviewController } from './http/enterprise-review.controller.js';
import { EnterpriseController } from './http/enterprise.controller.js';
import { FollowEnterpriseReview } from './jobs/follow-enterprise-review.handler.js';

export const enterpriseEventHandlers = [FollowEnterpriseReview];

const useCases = [
  DeclareBankAccount,
  Documents,
  EnterpriseLists,
  EnterpriseReader,
  SaveProfile,
  SaveStatement,
  VerifyEnterprise,
  ...enterpriseEventHandlers,
];

/** The enterprise's profile, statements, documents, bank account and verification. */
@Module({
  imports: [IdentityModule, ReviewModule],
  providers: [...useCases, { provide: SCREENING, useClass: FileScreening }],
  exports: useCases,
})
export class EnterprisesModule {}

/** The same with its routes, for the api. */
@Module({
  imports: [EnterprisesModule],
  controllers: [EnterpriseController, EnterpriseReviewController],
  exports: [EnterprisesModule],
})
export class EnterprisesHttpModule {}
