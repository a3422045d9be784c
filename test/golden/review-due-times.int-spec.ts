import { idBytes, newId } from '#platform';
import { ruleBookFiles } from '#platform/rulebooks';
import { ReviewHouse } from '../../libs/review/src/testing/review-house.js';
import figures from './fixtures/calendars.json';

/**
 * Every published due time, through a case that is really opened: once with the database's clock at the instant of
 * submission, once with the instant told. Sources stand in the fixture.
 */
describe.each(['CN', 'SA-private', 'SA-bank', 'AE'])('cases opened in the calendar %s', (calendar) => {
  const golden = figures.cases.filter((each) => each.calendar === calendar);
  let house: ReviewHouse;

  beforeAll(async () => {
    house = await ReviewHouse.open(1, { country: calendar.slice(0, 2) });
    if (calendar === 'SA-bank') await keepCalendarOfBanks(house);
  });
  afterAll(() => house.database.stop());

  it.each(golden)('$id submitted $submitted: $why', async (each) => {
    const submitted = withOffset(each.submitted, each.due_rule_L_local);
    const byClock = await house.open(submitted);
    expect(byClock.dueAt).toEqual(new Date(each.due_rule_L_local));
    const told = await house.run(house.applicant(), (tx) =>
      house.cases.open(tx, {
        kind: 'funding_request',
        subjectType: 'funding_request',
        subjectId: newId(),
        applicantOrganisationId: house.applicantId,
        submittedAt: new Date(submitted),
      }),
    );
    expect(told.dueAt).toEqual(new Date(each.due_rule_L_local));
    expect(told.provisional).toBe(false);
  });
});

it('leaves no published case out', () => {
  expect(new Set(figures.cases.map(({ calendar }) => calendar))).toEqual(
    new Set(['CN', 'SA-private', 'SA-bank', 'AE']),
  );
});

/** A time without an offset is local: none of these calendars changes its clocks, so the due time's offset holds. */
function withOffset(submitted: string, due: string): string {
  return /[+-]\d{2}:\d{2}$/.test(submitted) ? submitted : submitted + due.slice(-6);
}

/** An operator may keep the banks' calendar instead of the private sector's: the first version is that book. */
async function keepCalendarOfBanks(house: ReviewHouse): Promise<void> {
  const book = ruleBookFiles().find(({ path }) => path === 'sa/calendar.bank.json')?.content;
  await house.rows("INSERT INTO business_calendar (country, id, version) VALUES ('SA', ?, 1)", [idBytes(newId())]);
  await house.rows(
    `INSERT INTO business_calendar_version (country, version, book_version, definition, reason, changed_by, changed_at)
     VALUES ('SA', 1, 'test', ?, 'banks', 'test', UTC_TIMESTAMP(6))`,
    [JSON.stringify(book)],
  );
}
