import { Injectable } from '@nestjs/common';
import { systemContext, UnitOfWork } from '#platform';
import { workingDuration } from '../domain/clock.view.js';
import { CaseClocks } from './case-clocks.js';

interface FigureRow {
  readonly kind: string;
  readonly n: string;
  readonly net: string;
  readonly gross: string;
  readonly breached: string;
}

const dayMs = 86_400_000;

/** What the public may know of reviews: how long they take and how often the promise is broken. */
@Injectable()
export class ReviewFigures {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly clocks: CaseClocks,
  ) {}

  /**
   * Medians of decided cases and the share of them that breached, by kind. A kind with fewer cases than the rule
   * book's smallest cell is named without figures; no total is given, so that it cannot be worked out.
   */
  async execute() {
    const { figuresDays, smallestCell, workingDays } = this.clocks.level;
    return this.unitOfWork.run(systemContext('review.figures'), async (tx) => {
      const until = await tx.now();
      const since = new Date(until.getTime() - figuresDays * dayMs);
      const { calendar } = await this.clocks.calendars.current(tx);
      const rows = await tx.rows<FigureRow>(
        `SELECT kind, MAX(n) AS n, SUM(breached) AS breached,
           AVG(CASE WHEN by_net IN (FLOOR((n + 1) / 2), FLOOR((n + 2) / 2)) THEN net_ms END) AS net,
           AVG(CASE WHEN by_gross IN (FLOOR((n + 1) / 2), FLOOR((n + 2) / 2)) THEN gross_ms END) AS gross
         FROM (SELECT kind, net_ms, gross_ms, breached_at IS NOT NULL AS breached, COUNT(*) OVER (PARTITION BY kind) AS n,
             ROW_NUMBER() OVER (PARTITION BY kind ORDER BY net_ms) AS by_net,
             ROW_NUMBER() OVER (PARTITION BY kind ORDER BY gross_ms) AS by_gross
           FROM review_case WHERE state = 'decided' AND closed_at > ?) decided
         GROUP BY kind ORDER BY kind`,
        [since],
      );
      return {
        since,
        until,
        smallestCell,
        items: rows.map(({ kind, n, net, gross, breached }) => {
          const promisedDays = workingDays[kind as keyof typeof workingDays];
          if (Number(n) < smallestCell) return { kind, promisedDays, suppressed: true } as const;
          return {
            kind,
            promisedDays,
            suppressed: false as const,
            decided: Number(n),
            medianNet: workingDuration(calendar, Number(net)),
            medianGross: workingDuration(calendar, Number(gross)),
            breachRatePercent: Math.round((Number(breached) / Number(n)) * 1000) / 10,
          };
        }),
      };
    });
  }
}
