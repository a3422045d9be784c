const untouchable = ['ledger_account', 'ledger_transfer', 'ledger_posting', 'ledger_period_balance'] as const;

/** A trigger that refuses to change or remove what stands in the books. */
interface AppendOnlyGuard {
  readonly name: string;
  readonly sql: string;
}

const refuse = `SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the ledger is append-only: write a reversal'`;

/** Every guard of the ledger; the migration makes them and the check of the ledger looks for them. */
export const appendOnlyGuards: readonly AppendOnlyGuard[] = [
  ...untouchable.flatMap((table) =>
    (['UPDATE', 'DELETE'] as const).map((verb) => {
      const name = `${table}_no_${verb.toLowerCase()}`;
      return { name, sql: `CREATE TRIGGER ${name} BEFORE ${verb} ON ${table} FOR EACH ROW ${refuse}` };
    }),
  ),
  {
    name: 'ledger_period_stays_closed',
    sql: `CREATE TRIGGER ledger_period_stays_closed BEFORE UPDATE ON ledger_period FOR EACH ROW
      IF OLD.state = 'closed' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'a closed month stays closed'; END IF`,
  },
];
