import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { InstitutionReader } from '#institutions';
import { decodeCursor, defaultLimit, idBytes, idText, toPage } from '#platform';
import { honourRate, type PastAward } from '../domain/honour-rate.calculation.js';
import { FundingRequest } from '../persistence/entities.js';
import { MandateCatalogue } from './mandate-catalogue.js';
import { briefOf } from './match-request.js';
import { requestView } from './request-views.js';

interface PastRow {
  readonly financier_id: Buffer;
  readonly state: string;
  readonly unworsened: number | null;
  readonly enterprise_fault: number;
}

/** What the operator and the public see of the market as a whole. */
@Injectable()
export class OperatorMarketReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly institutions: InstitutionReader,
    private readonly catalogue: MandateCatalogue,
  ) {}

  /** Honour rate and median hours to answer, by financier. */
  async honourRates() {
    const rows = await this.dataSource.query<PastRow[]>(
      "SELECT financier_id, state, unworsened, enterprise_fault FROM award WHERE state IN ('disbursed','lapsed')",
    );
    const answers = await this.dataSource.query<{ financier_id: Buffer; minutes: string }[]>(
      'SELECT financier_id, TIMESTAMPDIFF(MINUTE, invited_at, answered_at) AS minutes FROM request_match WHERE answered_at IS NOT NULL AND invited_at IS NOT NULL',
    );
    const past = group(rows, (row): PastAward => ({
      disbursed: row.state === 'disbursed',
      unworsened: row.unworsened === 1,
      enterpriseFault: row.enterprise_fault === 1,
    }));
    const minutes = group(answers, (row) => Number(row.minutes));
    const ids = [...new Set([...past.keys(), ...minutes.keys()])];
    const financiers = await this.institutions.financiers(ids);
    return ids.map((id) => ({
      financier: financiers.get(id) ?? { id },
      ...honourRate(past.get(id) ?? []),
      medianHoursToAnswer: median(minutes.get(id) ?? []),
      answers: minutes.get(id)?.length ?? 0,
    }));
  }

  /** Open requests without a match. */
  async unmatched(page: { limit?: number; cursor?: string }) {
    const limit = page.limit ?? defaultLimit;
    const after = decodeCursor(page.cursor, 1);
    const query = this.dataSource.manager
      .createQueryBuilder(FundingRequest, 'r')
      .where("r.state = 'open' AND NOT EXISTS (SELECT 1 FROM request_match m WHERE m.request_id = r.id)");
    if (after) query.andWhere('r.id < :after', { after: idBytes(String(after[0])) });
    const rows = await query
      .orderBy('r.id', 'DESC')
      .limit(limit + 1)
      .getMany();
    const found = [];
    for (const row of rows) {
      const nearest = await this.catalogue.nearest(briefOf(row), 5);
      found.push({
        ...requestView(row),
        nearest: nearest.map(({ mandate, failed }) => ({
          mandateId: mandate.id,
          financierId: mandate.financierId,
          failed,
        })),
      });
    }
    return toPage(
      found,
      limit,
      ({ id }) => [id],
      (view) => view,
    );
  }
}

function group<Row extends { financier_id: Buffer }, Value>(
  rows: readonly Row[],
  value: (row: Row) => Value,
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const row of rows) {
    const id = idText(row.financier_id);
    const known = groups.get(id);
    if (known) known.push(value(row));
    else groups.set(id, [value(row)]);
  }
  return groups;
}

function median(minutes: readonly number[]): number | null {
  if (minutes.length === 0) return null;
  const sorted = [...minutes].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const value =
    sorted.length % 2 === 1
      ? (sorted[middle] as number)
      : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
  return Math.round((value / 60) * 10) / 10;
}
