import { IntField, StringField } from '#platform';

export class ProvisionBody {
  @StringField({
    description: 'The month as YYYY-MM: the present one or the one before.',
    max: 7,
    pattern: /^\d{4}-(0[1-9]|1[0-2])$/,
    example: '2026-10',
  })
  month!: string;
}

export class EvaluationBody {
  @IntField({ description: 'A year that is over.', min: 2000, max: 2199, example: 2025 })
  year!: number;

  @StringField({ description: 'What the figures do not say: findings, and what will change.', min: 1, max: 4000 })
  findings!: string;
}

export class FiguresQuery {
  @IntField({ description: 'The year whose months are shown.', min: 2000, max: 2199, example: 2026 })
  year!: number;
}
