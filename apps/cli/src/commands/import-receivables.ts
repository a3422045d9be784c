import 'reflect-metadata';
import { oneOf, optional, type ReadShape, text, withDefault } from '#finance';
import { IdentityReader } from '#identity';
import { ENVIRONMENT, type Environment } from '#platform';
import { receivableKinds, sides, UploadReceivable } from '#receivables';
import { amount, date, yesNo } from '../import/cells.js';
import { importCommand, type RowAnswer } from '../import/import-command.js';
import { importContext, importError } from '../import/import-context.js';

const columns = {
  number: text({ max: 100 }),
  own: text({ max: 30 }),
  side: withDefault(oneOf(sides), 'seller'),
  other: text({ max: 60 }),
  kind: withDefault(oneOf(receivableKinds), 'invoice'),
  issued_on: date,
  due_on: date,
  currency: text({ max: 3 }),
  amount,
  branch: optional(text({ max: 40 })),
  order_number: optional(text({ max: 100 })),
  submit: withDefault(yesNo, false),
} as const;

type Row = ReadShape<typeof columns>;

export const command = importCommand({
  noun: 'receivables',
  reference: 'number',
  columns,
  meanings: {
    number: 'the document’s own number',
    own: 'registration number of the firm whose receivable or payable it is',
    side: 'seller (default): the firm is owed it; anchor: the firm owes it',
    other: 'registration or tax number of the other firm, or the anchor’s own number of its supplier',
    kind: 'invoice (default), purchase_order or tax_refund',
    issued_on: 'day of issue',
    due_on: 'day of payment',
    currency: 'ISO 4217',
    amount: 'what is to be paid',
    branch: 'code of the anchor’s branch',
    order_number: 'number of the order behind it',
    submit: 'yes hands it to the anchor; no (default) leaves a draft',
  },
  start(app) {
    const identity = app.get(IdentityReader);
    const upload = app.get(UploadReceivable);
    const { country } = app.get<Environment>(ENVIRONMENT);

    return async (row: Row): Promise<RowAnswer> => {
      const own = await identity.organisationByRegistration(country, row.own);
      if (own?.kind !== 'enterprise' && own?.kind !== 'anchor')
        throw importError('import_organisation_unknown', {
          fields: [{ pointer: '/own', rule: 'known', message: 'is not a registered firm or anchor' }],
        });
      const { id, created, state } = await upload.execute(importContext(own.kind, own.id, 'receivables'), {
        kind: row.kind,
        side: row.side,
        otherPartyNumber: row.other,
        number: row.number,
        issuedOn: row.issued_on,
        dueOn: row.due_on,
        amount: { amount: row.amount, currency: row.currency },
        ...(row.branch ? { branchCode: row.branch } : {}),
        ...(row.order_number ? { orderNumber: row.order_number } : {}),
        submit: row.submit,
      });
      const note = state === 'submitted' ? { note: 'waits for the anchor’s maker and checker' } : {};
      return { result: created ? 'created' : 'unchanged', id, ...note };
    };
  },
});
