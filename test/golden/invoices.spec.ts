import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Exact } from '#finance';
import { invoiceToJson, readInvoice } from '#invoices';
import figures from './fixtures/invoices.json';

/**
 * The documents are public examples that are not part of this repository. Where their folder lies beside the
 * checkout they are read and compared with the committed facts; elsewhere the test says that it did not run.
 */
const folder = join(__dirname, '../../../shared/data/invoices');
const present = existsSync(folder);

const comparable = (amount: unknown) => (typeof amount === 'string' ? new Exact(amount).toFixed() : amount);

describe('public example invoices', () => {
  const documents = present ? figures.documents : [];
  if (!present) {
    console.warn(`NOT RUN: ${figures.documents.length} public example invoices, shared/data/invoices is absent`);
  }

  it('are described, one by one', () => {
    expect(new Set(figures.documents.map(({ file }) => file)).size).toBe(23);
  });

  for (const facts of documents) {
    it(`reads ${facts.file}`, () => {
      const reading = readInvoice(readFileSync(join(folder, facts.file)));
      const read = invoiceToJson(reading);
      expect(read).toMatchObject({
        kind: facts.kind,
        id: facts.id,
        issueDate: facts.issueDate,
        dueDate: facts.dueDate,
        currency: facts.currency,
        seller: { name: facts.seller, ...(facts.sellerTaxId && { taxId: facts.sellerTaxId }) },
        buyer: { name: facts.buyer },
        problems: facts.problems,
      });
      for (const name of ['taxExclusive', 'taxTotal', 'taxInclusive', 'prepaid', 'rounding', 'payable'] as const) {
        expect([name, comparable(read[name])]).toEqual([name, comparable(facts[name])]);
      }
      expect(reading.invoice.lines).toHaveLength(facts.lines);
    });
  }
});
