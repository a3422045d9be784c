import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity';
import { EnterpriseReader } from './application/enterprise.reader.js';

const useCases = [EnterpriseReader];

/** The enterprise's profile, statements, documents, bank account and verification. */
@Module({ imports: [IdentityModule], providers: useCases, exports: useCases })
export class EnterprisesModule {}

/** The same with its routes, for the api. */
@Module({ imports: [EnterprisesModule], exports: [EnterprisesModule] })
export class EnterprisesHttpModule {}
