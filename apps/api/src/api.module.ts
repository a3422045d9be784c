import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { EnterprisesHttpModule } from '#enterprises';
import { GuaranteeHttpModule } from '#guarantee';
import { IdentityGuard, IdentityHttpModule } from '#identity';
import { InstitutionsHttpModule } from '#institutions';
import { LedgerHttpModule } from '#ledger';
import { MarketplaceHttpModule } from '#marketplace';
import { NoticesHttpModule } from '#notices';
import {
  type Environment,
  LOGGER,
  PlatformModule,
  ProblemFilter,
  RateLimiter,
  RateLimitGuard,
  validationPipe,
} from '#platform';
import { ReviewHttpModule } from '#review';
import { contexts } from '../../../config/contexts.js';
import { CalculatorsController } from './calculators/calculators.controller.js';
import { DemoController } from './demo.controller.js';
import { HealthController } from './health.controller.js';
import { ReferenceController } from './reference.controller.js';

/** The api: the contexts with their routes, one guard, one pipe, one filter. */
@Module({})
export class ApiModule {
  static forRoot(environment: Environment): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        PlatformModule.forRoot(environment, contexts),
        IdentityHttpModule,
        NoticesHttpModule,
        LedgerHttpModule,
        EnterprisesHttpModule,
        InstitutionsHttpModule,
        ReviewHttpModule,
        GuaranteeHttpModule,
        MarketplaceHttpModule,
      ],
      controllers: [CalculatorsController, DemoController, HealthController, ReferenceController],
      providers: [
        RateLimiter,
        { provide: APP_GUARD, useClass: RateLimitGuard },
        { provide: APP_GUARD, useClass: IdentityGuard },
        { provide: APP_PIPE, useFactory: validationPipe },
        {
          provide: APP_FILTER,
          useFactory: (logger: ConstructorParameters<typeof ProblemFilter>[0]) => new ProblemFilter(logger),
          inject: [LOGGER],
        },
      ],
    };
  }
}
