import { Module } from '@nestjs/common';
import { AccountReader } from './application/account.reader.js';
import { CreateApiClient, IssueAccessToken, RevokeApiClient } from './application/api-clients.js';
import { Authenticate } from './application/authenticate.js';
import { ChangePassword } from './application/change-password.js';
import { Delegate, DelegationReader, RevokeDelegation } from './application/delegations.js';
import { EndOtherSessions, EndSession, SwitchOrganisation } from './application/end-session.js';
import { FailedAttempts } from './application/failed-attempts.js';
import { IdentityReader } from './application/identity.reader.js';
import { AcceptInvitation, InvitationReader, InviteToJoin, WithdrawInvitation } from './application/invitations.js';
import { ChangeMember, EndMembership } from './application/manage-members.js';
import { OpenSession } from './application/open-session.js';
import { PasskeyChallenges } from './application/passkey-challenges.js';
import { InvitePerson, RegisterOrganisation } from './application/register-organisation.js';
import { Passkeys } from './application/register-passkey.js';
import { ResetPassword } from './application/reset-password.js';
import { SandboxSecrets } from './application/sandbox-secrets.js';
import { EnrolSecondFactor, StepUp } from './application/second-factor.js';
import { SetOrganisationStanding } from './application/set-organisation-standing.js';
import { SignIn } from './application/sign-in.js';
import { UsePasskey } from './application/use-passkey.js';
import { MembersController } from './http/members.controller.js';
import { OrganisationsController } from './http/organisations.controller.js';
import { PasskeysController } from './http/passkeys.controller.js';
import { SessionsController } from './http/sessions.controller.js';

const useCases = [
  AcceptInvitation,
  AccountReader,
  Authenticate,
  ChangeMember,
  ChangePassword,
  CreateApiClient,
  Delegate,
  DelegationReader,
  EndMembership,
  EndOtherSessions,
  EndSession,
  EnrolSecondFactor,
  FailedAttempts,
  IdentityReader,
  InvitationReader,
  InvitePerson,
  InviteToJoin,
  IssueAccessToken,
  OpenSession,
  PasskeyChallenges,
  Passkeys,
  RegisterOrganisation,
  ResetPassword,
  RevokeApiClient,
  RevokeDelegation,
  SandboxSecrets,
  SetOrganisationStanding,
  SignIn,
  StepUp,
  SwitchOrganisation,
  UsePasskey,
  WithdrawInvitation,
];

/** Organisations, people, sessions and programs. */
@Module({ providers: useCases, exports: useCases })
export class IdentityModule {}

/** The same with its routes, for the api. */
@Module({
  imports: [IdentityModule],
  controllers: [SessionsController, PasskeysController, OrganisationsController, MembersController],
  exports: [IdentityModule],
})
export class IdentityHttpModule {}
