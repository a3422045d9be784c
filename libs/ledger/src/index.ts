import type { Persistence } from '#platform';
import { ExpireReservationsTimer } from './jobs/expire-reservations.timer.js';
import { FoldMovementsLoop } from './jobs/fold-movements.loop.js';
import { Ledger1790000004500 } from './persistence/migrations/1790000004500-ledger.js';

export * from './application/books-export.js';
export * from './application/check-ledger.js';
export * from './application/close-period.js';
export * from './application/ledger.js';
export * from './application/ledger.reader.js';
export * from './application/fold-movements.js';
export * from './application/statement.reader.js';
export * from './application/verify-books.js';
export { WriteTransfers } from './application/write-transfers.js';
export type * from './application/trial-balance.js';
export * from './domain/chart-of-accounts.js';
export { ledgerError } from './domain/errors.js';
export type * from './domain/transfer.js';
export * from './ledger.module.js';

export const ledgerPersistence: Persistence = { entities: [], migrations: [Ledger1790000004500] };
export const ledgerTimerHandlers = [ExpireReservationsTimer];
export const ledgerLoops = [FoldMovementsLoop];
