import { ClaimDocuments } from './claim-documents.js';
import { ClaimReader } from './claim.reader.js';
import { ClaimRules } from './claim-rules.js';
import { ClaimSteps } from './claim-steps.js';
import { CloseClaim } from './close-claim.js';
import { AppealClaim, DecideClaim, ProposeClaimDecision } from './decide-claim.js';
import { NotifyClaim } from './notify-claim.js';
import { ConfirmClaimPayment, PrepareClaimPayment } from './pay-claim.js';
import { PayeeAccounts } from './payee-accounts.js';
import { DecideRecovery, EnterRecovery } from './recover-claim.js';
import { EvaluateScheme } from './evaluate-scheme.js';
import { PrinciplesReader } from './principles.reader.js';
import { Reguarantees } from './reguarantees.js';
import { ReviewClaim } from './review-claim.js';
import { RiskReader } from './risk.reader.js';
import { RunProvision } from './run-provision.js';
import { SchemeAccess } from './scheme-access.js';
import { SchemeFiguresReader } from './scheme-figures.reader.js';
import { SettleClaim } from './settle-claim.js';

/** Everything about claims, re-guarantees, risk and reports that the module provides. */
export const claimUseCases = [
  AppealClaim,
  ClaimDocuments,
  ClaimReader,
  ClaimRules,
  ClaimSteps,
  CloseClaim,
  ConfirmClaimPayment,
  DecideClaim,
  DecideRecovery,
  EnterRecovery,
  NotifyClaim,
  PayeeAccounts,
  PrepareClaimPayment,
  ProposeClaimDecision,
  Reguarantees,
  ReviewClaim,
  SettleClaim,
  EvaluateScheme,
  PrinciplesReader,
  RiskReader,
  RunProvision,
  SchemeAccess,
  SchemeFiguresReader,
];
