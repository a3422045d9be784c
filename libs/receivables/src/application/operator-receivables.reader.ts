import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { httpError, idBytes } from '#platform';
import { Receivable } from '../persistence/entities.js';
import { holdsOf } from '../persistence/registry.store.js';
import { receivableView } from './receivable-views.js';

/** What a reviewer reads of a held receivable. */
@Injectable()
export class OperatorReceivables {
  constructor(private readonly dataSource: DataSource) {}

  /** Both claims side by side, and the answers of other registers; only what is or was held is shown. */
  async held(id: string) {
    const query = <Row extends object>(sql: string, parameters: unknown[]) =>
      this.dataSource.query<Row[]>(sql, parameters);
    const receivable = await this.dataSource.manager.findOneBy(Receivable, { id });
    const holds = receivable ? await holdsOf(query, id) : [];
    if (!receivable || holds.length === 0) throw httpError('record_unknown');
    const others = holds.flatMap(({ otherId }) => (otherId ? [otherId] : []));
    const found = others.length > 0 ? await this.dataSource.manager.findBy(Receivable, { id: In(others) }) : [];
    const views = new Map(found.map((other) => [other.id, receivableView(other)]));
    const answers = await query<{
      source: string;
      verdict: string | null;
      answered_at: Date | null;
      last_fault: string | null;
    }>(
      'SELECT source, verdict, answered_at, last_fault FROM registry_inquiry WHERE receivable_id = ? ORDER BY source',
      [idBytes(id)],
    );
    return {
      ...receivableView(receivable),
      holds: holds.map(({ kind, against, otherId, state, caseId, openedAt }) => ({
        kind,
        against: kind === 'registry' || kind === 'lien' ? against : null,
        other: (otherId && views.get(otherId)) || null,
        state,
        caseId,
        openedAt: openedAt.toISOString(),
      })),
      registers: answers.map((row) => ({
        source: row.source,
        verdict: row.verdict,
        answeredAt: row.answered_at?.toISOString() ?? null,
        lastFault: row.last_fault,
      })),
    };
  }
}
