import { Module } from '@nestjs/common';
import { ClosePeriod } from './application/close-period.js';
import { FoldMovements } from './application/fold-movements.js';
import { LedgerReader } from './application/ledger.reader.js';
import { Ledger } from './application/ledger.js';
import { PrintStatement } from './application/print-statement.js';
import { StatementReader } from './application/statement.reader.js';
import { WriteTransfers } from './application/write-transfers.js';
import { LedgerController } from './http/ledger.controller.js';
import { OwnLedgerController } from './http/own-ledger.controller.js';
import { ExpireReservationsTimer } from './jobs/expire-reservations.timer.js';
import { FoldMovementsLoop } from './jobs/fold-movements.loop.js';

const useCases = [
  ClosePeriod,
  ExpireReservationsTimer,
  FoldMovements,
  FoldMovementsLoop,
  Ledger,
  LedgerReader,
  PrintStatement,
  StatementReader,
  WriteTransfers,
];

/** Accounts, transfers, balances and the months of the books. */
@Module({ providers: useCases, exports: useCases })
export class LedgerModule {}

/** The same with its routes, for the api. */
@Module({ imports: [LedgerModule], controllers: [LedgerController, OwnLedgerController], exports: [LedgerModule] })
export class LedgerHttpModule {}
