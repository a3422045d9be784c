import { AcknowledgeAssignment } from './application/acknowledge-assignment.js';
import { AskEarlyPayment } from './application/ask-early-payment.js';
import { AssignmentFileRegister } from './application/assignment-file-register.js';
import { BookStatement } from './application/book-statement.js';
import { CertificateReader } from './application/certificate.reader.js';
import { DecideMatch } from './application/decide-match.js';
import { DecideTransfers } from './application/decide-transfers.js';
import { CheckPaymentAccount, DeclarePaymentAccount } from './application/declare-payment-account.js';
import { DiscountProgrammes } from './application/discount-programmes.js';
import { FileAssignments } from './application/file-assignments.js';
import { Financeability } from './application/financeability.js';
import { FollowCertificates } from './application/follow-certificates.js';
import { GiveOutDiscounts } from './application/give-out-discounts.js';
import { InstructPayments } from './application/instruct-payments.js';
import { MatchEntries } from './application/match-entries.js';
import { PassCertificate } from './application/pass-certificate.js';
import { PaymentAccounts } from './application/payment-accounts.js';
import { PayObligation } from './application/pay-obligation.js';
import { AssignmentRegister } from './application/ports/assignment-register.js';
import { LienRegister } from './application/ports/lien-register.js';
import { ReceivableMarket } from './application/receivable-market.js';
import { MarketCertificateReader } from './application/market-certificate.reader.js';
import { Repurchase } from './application/repurchase.js';
import { SettlementBook } from './application/settlement-book.js';
import { SettlementClocks } from './application/settlement-clocks.js';
import { SettlementDeskReader } from './application/settlement-desk.reader.js';
import { SettlementReader } from './application/settlement.reader.js';
import { SetOff } from './application/set-off.js';
import { TakeBackPayment } from './application/take-back-payment.js';
import { UndoAssignment } from './application/undo-assignment.js';
import { UndoMatch } from './application/undo-match.js';

/** The use cases of certificates and settlement, and the file that stands in for an outside register. */
export const settlementProviders = [
  AcknowledgeAssignment,
  AskEarlyPayment,
  AssignmentFileRegister,
  BookStatement,
  CertificateReader,
  CheckPaymentAccount,
  DecideMatch,
  DecideTransfers,
  DeclarePaymentAccount,
  DiscountProgrammes,
  FileAssignments,
  Financeability,
  FollowCertificates,
  GiveOutDiscounts,
  InstructPayments,
  MatchEntries,
  PassCertificate,
  PaymentAccounts,
  PayObligation,
  ReceivableMarket,
  MarketCertificateReader,
  Repurchase,
  SettlementBook,
  SettlementClocks,
  SettlementDeskReader,
  SettlementReader,
  SetOff,
  TakeBackPayment,
  UndoAssignment,
  UndoMatch,
  { provide: AssignmentRegister, useExisting: AssignmentFileRegister },
  { provide: LienRegister, useExisting: AssignmentFileRegister },
];
