import { Module } from '@nestjs/common';
import { CreateApiClient, IssueAccessToken, RevokeApiClient } from './application/api-clients.js';
import { Authenticate } from './application/authenticate.js';
import { IdentityReader } from './application/identity.reader.js';
import { InvitePerson, RegisterOrganisation } from './application/register-organisation.js';
import { SandboxSecrets } from './application/sandbox-secrets.js';
import { EnrolSecondFactor, StepUp } from './application/second-factor.js';
import { SetOrganisationStanding } from './application/set-organisation-standing.js';
import { EndSession, SignIn } from './application/sign-in.js';
import { OrganisationsController } from './http/organisations.controller.js';
import { SessionsController } from './http/sessions.controller.js';

const useCases = [
  Authenticate,
  CreateApiClient,
  EndSession,
  EnrolSecondFactor,
  IdentityReader,
  InvitePerson,
  IssueAccessToken,
  RegisterOrganisation,
  RevokeApiClient,
  SandboxSecrets,
  SetOrganisationStanding,
  SignIn,
  StepUp,
];

/** Organisations, people, sessions and programs. */
@Module({ providers: useCases, exports: useCases })
export class IdentityModule {}

/** The same with its routes, for the api. */
@Module({
  imports: [IdentityModule],
  controllers: [SessionsController, OrganisationsController],
  exports: [IdentityModule],
})
export class IdentityHttpModule {}
