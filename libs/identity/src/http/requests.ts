import {
  EmailField,
  EnumField,
  EnumListField,
  IdField,
  InstantField,
  MoneyField,
  StringField,
  type MoneyBody,
} from '#platform';
import { permissions } from '../domain/permissions.js';
import { allRoles, organisationKinds } from '../domain/roles.policy.js';

export const locales = ['en', 'ar', 'zh'] as const;

/** A register number as printed: letters, digits, dashes. Its check digit is tested when the organisation is verified. */
export class SignInBody {
  @EmailField({ description: 'The address the person registered with.', example: 'owner@sme.example' }) email!: string;
  @StringField({ description: 'The password.', min: 1, max: 200 }) password!: string;
  @IdField({ description: 'Which organisation to act for, when there are several.', optional: true })
  organisationId?: string;
}

export class PasswordResetBody {
  @EmailField({ description: 'The address the person signs in with.', example: 'owner@sme.example' }) email!: string;
}

export class NewPasswordBody {
  @StringField({ description: 'The token of the letter.', min: 20, max: 100, pattern: /^[A-Za-z0-9_-]+$/ })
  token!: string;
  @StringField({ description: 'At least 12 characters.', min: 1, max: 200 }) newPassword!: string;
}

export class PersonBody {
  @EmailField({ description: 'Address for signing in and notices.' }) email!: string;
  @StringField({ description: 'Full name.', min: 1, max: 120 }) name!: string;
  @StringField({ description: 'At least 12 characters.', min: 1, max: 200 }) password!: string;
  @EnumField({ description: 'Language of screens and notices.', values: locales }) locale!: string;
}

export class RegisterBody extends PersonBody {
  @EnumField({
    description:
      'What the organisation is in this market. Guarantors, operators and supervisors are set up by the operator.',
    values: organisationKinds.filter((kind) => ['enterprise', 'financier', 'anchor'].includes(kind)),
  })
  kind!: 'enterprise' | 'financier' | 'anchor';
  @StringField({ description: 'Name in Latin script.', min: 2, max: 200 }) organisationName!: string;
  @StringField({ description: 'Name in the country’s own script.', min: 1, max: 200 }) organisationLocalName!: string;
  @StringField({
    description: 'Number in the company register, without spaces.',
    min: 3,
    max: 30,
    pattern: /^[A-Za-z0-9-]+$/,
  })
  registrationNumber!: string;
}

export class InviteBody extends PersonBody {
  @EnumListField({ description: 'Roles in the organisation.', values: allRoles, min: 1, max: 4 }) roles!: string[];
  @MoneyField({ description: 'Largest amount that the person may bind without a second person.', optional: true })
  approvalLimit?: MoneyBody;
}

export class MembershipBody {
  @EnumListField({ description: 'Roles in the organisation.', values: allRoles, min: 1, max: 4 }) roles!: string[];
  @MoneyField({
    description: 'Largest amount that the person may bind without a second person; none when left out.',
    optional: true,
  })
  approvalLimit?: MoneyBody;
}

export class InvitationBody extends MembershipBody {
  @EmailField({ description: 'Address of the person who is to join.' }) email!: string;
}

export class DelegationBody {
  @IdField({ description: 'The colleague who may act for you.' }) delegateId!: string;
  @EnumListField({
    description: 'What the colleague may do for you.',
    values: Object.keys(permissions),
    min: 1,
    max: 20,
  })
  scopes!: string[];
  @InstantField({ description: 'Until when; at most a year.' }) endsAt!: string;
  @StringField({ description: 'Why, for the record.', min: 2, max: 500 }) reason!: string;
}

export class PasswordBody {
  @StringField({ description: 'The present password.', min: 1, max: 200 }) currentPassword!: string;
  @StringField({ description: 'The new one, at least 12 characters.', min: 1, max: 200 }) newPassword!: string;
}

export class SwitchBody {
  @IdField({ description: 'One of the organisations of GET /v1/session.' }) organisationId!: string;
}

export class StepUpBody {
  @StringField({ description: 'The six digits that the app shows now.', min: 6, max: 6, pattern: /^\d{6}$/ })
  code!: string;
}

export class ApiClientBody {
  @StringField({ description: 'What the program is.', min: 2, max: 80 }) name!: string;
  @EnumListField({ description: 'What the program may do.', values: Object.keys(permissions), min: 1, max: 40 })
  scopes!: string[];
}

export class AccessTokenBody {
  @EnumField({ description: 'RFC 6749 §4.4.', values: ['client_credentials'] }) grant_type!: string;
  @IdField({ description: 'The client’s id; may be sent by HTTP Basic instead.', optional: true }) client_id?: string;
  @StringField({ description: 'The client’s key; may be sent by HTTP Basic instead.', max: 200, optional: true })
  client_secret?: string;
  @StringField({
    description: 'Scopes separated by spaces; all of the client’s when left out.',
    max: 1000,
    optional: true,
  })
  scope?: string;
}
