import { scheduleCalculator } from '#finance';
import { type RowFigure, scheduleCases, type ScheduleCase } from './golden-file.js';

interface Answer {
  readonly instalments: readonly ({ readonly n: number; readonly due: string | null } & Readonly<
    Record<RowFigure, string>
  >)[];
  readonly totals: { readonly principal: string; readonly interest: string; readonly total: string };
}

/** Published tables that the terms of a schedule cannot state, each with the reason. */
const knownDeviations: Readonly<Record<string, string>> = {
  'FIN-RS06': 'interest of a grace on interest is asked for again in the months that the grace delays',
  'FIN-RP01': 'interest on overdue interest, compounded monthly; a schedule never charges interest on interest',
  'FIN-RP13': 'what is paid ahead counts as the next instalments, in full and before their time',
  'FIN-RP14': 'interest is re-computed at due dates only, so that a part payment in between earns nothing until then',
  'FIN-RP15': 'interest is re-computed at due dates only, so that what is late bears interest one period later',
  'FIN-RP16': 'the loan is disbursed in three parts; a schedule has one disbursement',
};

/** Every figure of the case that the answer does not give, in words. */
function differences({ rows = [], totals, expected, input }: ScheduleCase): string[] {
  const answer = scheduleCalculator(input) as unknown as Answer;
  const found: string[] = [];
  const compare = (what: string, published: string | number | undefined, ours: string | number | null | undefined) => {
    if (published !== undefined && Number(published) !== Number(ours))
      found.push(`${what}: ${published}, here ${ours}`);
  };
  for (const row of rows) {
    const ours = answer.instalments[row.n - 1];
    if (row.due !== undefined && row.due !== ours?.due) found.push(`${row.n} due: ${row.due}, here ${ours?.due}`);
    for (const figure of ['principal', 'interest', 'total', 'balance'] as const) {
      compare(`${row.n} ${figure}`, row[figure], ours?.[figure]);
    }
  }
  compare('total interest', totals?.interest ?? expected?.total_interest, answer.totals.interest);
  compare('total', totals?.total ?? expected?.total, answer.totals.total);
  compare('instalment', expected?.emi, answer.instalments[0]?.total);
  compare('instalments', expected?.periods, answer.instalments.length);
  return found;
}

describe('published instalment tables', () => {
  const tables = scheduleCases.filter(({ id }) => !(id in knownDeviations));

  it.each(tables.map((each) => [each.id, each.title, each] as const))('%s %s', (_id, _title, table) => {
    expect(differences(table)).toEqual([]);
  });

  it.each(Object.entries(knownDeviations))('%s still deviates: %s', (id) => {
    const table = scheduleCases.find((each) => each.id === id) as ScheduleCase;
    expect(differences(table)).not.toEqual([]);
  });

  it('reads all published tables', () => expect(scheduleCases).toHaveLength(35));
});
