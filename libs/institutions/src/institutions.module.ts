import { Module } from '@nestjs/common';
import { IdentityModule } from '#identity';
import { InstitutionReader } from './application/institution.reader.js';
import { Limits } from './application/limits.js';
import { MandateReader } from './application/mandate.reader.js';

const useCases = [InstitutionReader, Limits, MandateReader];

/** Financiers, their products, mandates, limits and auto-bid rules. */
@Module({ imports: [IdentityModule], providers: useCases, exports: useCases })
export class InstitutionsModule {}

/** The same with its routes, for the api. */
@Module({ imports: [InstitutionsModule], exports: [InstitutionsModule] })
export class InstitutionsHttpModule {}
