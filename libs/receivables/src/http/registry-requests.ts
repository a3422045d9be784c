import { BooleanField, EnumField, NestedListField, StringField, StringListField } from '#platform';
import { AnchorReasonBody } from './anchor-requests.js';
import { questionsAtMost } from '../domain/registry-protocol.js';

const hash = /^[0-9a-f]{32}$/;
const outcomes = ['distinct', 'duplicate'] as const;

export class RegistryQuestionBody {
  @StringField({ description: 'The asker’s own reference.', min: 1, max: 64, pattern: /^[0-9A-Za-z_-]+$/ })
  reference!: string;
  @StringField({ description: 'Keyed hash of the exact claim.', min: 32, max: 32, pattern: hash }) exact!: string;
  @StringListField({ description: 'Keyed hashes of look-alikes.', max: 10, maxLength: 32, pattern: hash })
  loose!: string[];
}

export class RegistryQuestionsBody {
  @NestedListField({
    description: 'Questions.',
    type: () => RegistryQuestionBody,
    min: 1,
    max: questionsAtMost,
  })
  questions!: RegistryQuestionBody[];
}

export class RegistryPeerBody {
  @StringField({ description: 'Name, once.', min: 2, max: 60, pattern: /^[a-z0-9.-]+$/ }) name!: string;
  @StringField({ description: 'Where it answers; /v1/registry/queries is added.', min: 8, max: 300 }) url!: string;
  @StringField({
    description: 'The shared key that the other registry made; one is made and shown once when left out.',
    min: 43,
    max: 128,
    pattern: /^[0-9A-Za-z_-]+$/,
    optional: true,
  })
  key?: string;
}

export class RegistryPeerChangeBody {
  @BooleanField({ description: 'Asked and answered, or not.' }) active!: boolean;
}

export class HoldDecisionBody {
  @EnumField({ description: 'A claim of its own, or a registered one once more.', values: outcomes })
  outcome!: (typeof outcomes)[number];
  @NestedListField({ description: 'Why.', type: () => AnchorReasonBody, min: 1, max: 20 })
  reasons!: AnchorReasonBody[];
}
