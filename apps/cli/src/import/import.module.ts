import { type DynamicModule, Module } from '@nestjs/common';
import { EnterprisesModule } from '#enterprises';
import { IdentityModule } from '#identity';
import { InstitutionsModule } from '#institutions';
import { MarketplaceModule } from '#marketplace';
import { type Environment, PlatformModule } from '#platform';
import { ReceivablesModule } from '#receivables';
import { contexts } from '../../../../config/contexts.js';

/** The use cases that imports call, without routes and without loops. A new kind adds its context here. */
@Module({})
export class ImportModule {
  static forRoot(environment: Environment): DynamicModule {
    return {
      module: ImportModule,
      imports: [
        PlatformModule.forRoot(environment, contexts),
        IdentityModule,
        EnterprisesModule,
        InstitutionsModule,
        MarketplaceModule,
        ReceivablesModule,
      ],
    };
  }
}
