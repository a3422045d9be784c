import { identityPersistence } from '#identity';
import { ContextHouse, wire } from '#identity/testing';
import { type CommandContext, platformPersistence } from '#platform';
import { reviewPersistence } from '#review';
import {
  DeclareBankAccount,
  Documents,
  enterpriseEventHandlers,
  enterprisePersistence,
  EnterprisesModule,
  type ProfileInput,
  SaveProfile,
  SaveStatement,
  type StatementInput,
  VerifyEnterprise,
} from '../index.js';
import { EnterpriseLists } from '../application/enterprise-lists.reader.js';

export interface TestEnterprise {
  readonly id: string;
  readonly signatory: CommandContext;
  readonly preparer: CommandContext;
}

export const sar = (amount: string) => ({ amount, currency: 'SAR' });

/** ISO 13616's own example for Saudi Arabia (SWIFT, IBAN Registry). */
export const saudiIban = 'SA03 8000 0000 6080 1016 7519';

export const statement: StatementInput = {
  periodEnd: '2024-12-31',
  audited: true,
  staff: 12,
  revenue: sar('8500000.00'),
  totalAssets: sar('4000000.00'),
  documentId: null,
};

let next = 0;

export function profileInput(changes: ProfileInput = {}): ProfileInput {
  return {
    legalForm: 'llc',
    sector: 'G',
    isicClass: '4711',
    region: 'SA-01',
    foundedOn: '2018-03-01',
    staff: 12,
    womenLed: true,
    identifiers: [{ scheme: 'sa_unified_number', value: `7${String(++next).padStart(9, '0')}` }],
    owners: [
      {
        kind: 'person',
        name: 'Noura Alharbi',
        localName: 'نورة الحربي',
        country: 'SA',
        bornOn: '1985-05-17',
        sharePpm: 1_000_000,
        isWoman: true,
        politicallyExposed: false,
      },
    ],
    ...changes,
  };
}

const pdf = (text: string): Buffer => Buffer.from(`%PDF-1.7\n${text}`);

/** Enterprises on a database of their own, wired by their modules as in the api. */
export class EnterpriseHouse extends ContextHouse {
  lead!: CommandContext;

  static async open(): Promise<EnterpriseHouse> {
    const house = new EnterpriseHouse(
      await wire({
        contexts: [platformPersistence, identityPersistence, reviewPersistence, enterprisePersistence],
        modules: [EnterprisesModule],
        eventHandlers: enterpriseEventHandlers,
      }),
    );
    house.lead = await house.organisation('operator', ['review_lead']);
    await house.colleague(house.lead, ['reviewer']);
    return house;
  }

  /** A registered firm without a profile. */
  async enterprise(): Promise<TestEnterprise> {
    const signatory = await this.organisation('enterprise', ['signatory'], { verified: false });
    const preparer = await this.colleague(signatory, ['preparer']);
    return { id: signatory.actor.organisationId, signatory, preparer };
  }

  /** A firm whose task list is done. */
  async readyEnterprise(changes: ProfileInput = {}): Promise<TestEnterprise> {
    const enterprise = await this.enterprise();
    const { signatory } = enterprise;
    const { version } = await this.get(SaveProfile).execute(signatory, 0, profileInput(changes));
    await this.get(SaveStatement).execute(signatory, 2024, 0, statement);
    await this.declareAccount(enterprise, version);
    for (const kind of ['registration', 'bank_letter'] as const)
      await this.get(Documents).upload(signatory, { kind, name: `${kind}.pdf`, content: pdf(kind) });
    return enterprise;
  }

  async declareAccount({ signatory }: TestEnterprise, version: number, accountNumber = saudiIban) {
    return this.get(DeclareBankAccount).execute(signatory, version, {
      accountNumber,
      bankName: 'Al Bilad Bank',
      holderName: 'The firm',
    });
  }

  async verifiedEnterprise(): Promise<TestEnterprise> {
    const enterprise = await this.readyEnterprise();
    await this.verify(enterprise);
    return enterprise;
  }

  async verify(enterprise: TestEnterprise): Promise<void> {
    await this.get(VerifyEnterprise).submit(enterprise.signatory);
    await this.get(VerifyEnterprise).decide(this.lead, enterprise.id, {
      verified: true,
      accountOwnershipConfirmed: true,
      screeningCleared: true,
      reasons: [],
    });
  }

  async version({ id }: TestEnterprise): Promise<number> {
    return (await this.get(EnterpriseLists).profile(id)).version;
  }
}
