import { type DynamicModule, Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Logger, pino } from 'pino';
import type { Environment } from './config/environment.js';
import { openDatabase, type Persistence } from './db/database.js';
import { UnitOfWork } from './db/unit-of-work.js';
import { DocumentStore } from './documents/document-store.js';
import { ENVIRONMENT, LOGGER } from './platform.tokens.js';
import { PdfPrinter } from './print/pdf-printer.js';
import { JobQueue } from './queue/job-queue.js';

/** Never in a log, wherever an object that holds them is logged. */
const secretFields = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  '*.authorization',
  '*.cookie',
  '*.password',
  '*.secret',
  '*.token',
];

/** What every context stands on: configuration, database, queue, documents and the log. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(JobQueue) private readonly queue: JobQueue,
  ) {}

  static forRoot(environment: Environment, contexts: readonly Persistence[]): DynamicModule {
    return {
      module: PlatformModule,
      providers: [
        { provide: ENVIRONMENT, useValue: environment },
        { provide: LOGGER, useFactory: () => pino({ level: environment.logLevel, redact: secretFields }) },
        { provide: DataSource, useFactory: () => openDatabase(environment, contexts) },
        {
          provide: UnitOfWork,
          useFactory: (dataSource: DataSource) => new UnitOfWork(dataSource, environment.clockOffsetSeconds),
          inject: [DataSource],
        },
        { provide: JobQueue, useFactory: () => new JobQueue(environment) },
        { provide: DocumentStore, useFactory: () => new DocumentStore(environment.dataFolder) },
        {
          provide: PdfPrinter,
          useFactory: (logger: Logger) => new PdfPrinter(environment, logger),
          inject: [LOGGER],
        },
      ],
      exports: [ENVIRONMENT, LOGGER, DataSource, UnitOfWork, JobQueue, DocumentStore, PdfPrinter],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
