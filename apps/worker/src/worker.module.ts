import { type DynamicModule, Module } from '@nestjs/common';
import { GuaranteeModule } from '#guarantee';
import { LedgerModule } from '#ledger';
import { MarketplaceModule } from '#marketplace';
import { NoticesModule } from '#notices';
import { type Environment, PlatformModule } from '#platform';
import { ReviewModule } from '#review';
import { contexts } from '../../../config/contexts.js';
import { WorkerService } from './worker.service.js';

/** The worker: the contexts without their routes, and the loops that keep clocks, events and the audit chain going. */
@Module({})
export class WorkerModule {
  static forRoot(environment: Environment): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        PlatformModule.forRoot(environment, contexts),
        NoticesModule,
        LedgerModule,
        ReviewModule,
        GuaranteeModule,
        MarketplaceModule,
      ],
      providers: [WorkerService],
    };
  }
}
