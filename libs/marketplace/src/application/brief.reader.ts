import { Injectable } from '@nestjs/common';
import { httpError, idBytes, systemContext, type Transaction, UnitOfWork } from '#platform';
import { FundingRequest } from '../persistence/entities.js';
import { type AnonymityRecord, AnonymousBriefs, type BriefColumns } from './anonymous-briefs.js';
import { MandateCatalogue } from './mandate-catalogue.js';
import { termsWith } from './match-request.js';
import { asJson } from './request-views.js';

/** What an enterprise sees of its own anonymous brief: what financiers will read of it, what is hidden, and what that costs. */
@Injectable()
export class BriefReader {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly briefs: AnonymousBriefs,
    private readonly catalogue: MandateCatalogue,
  ) {}

  /** Of a draft what would be shown if it were submitted now; afterwards what was frozen. */
  async ofOwn(enterpriseId: string, requestId: string) {
    return this.unitOfWork.run(systemContext('own brief'), async (tx) => {
      const request = await tx.manager.findOneBy(FundingRequest, { id: requestId, enterpriseId });
      if (!request) throw httpError('record_unknown');
      const frozen = request.submittedAt !== null;
      const decided = frozen ? undefined : await this.briefs.decide(tx, enterpriseId);
      const brief = decided?.brief ?? frozenBrief(request);
      const record = decided?.record ?? (await this.recorded(tx, requestId));
      const full = decided?.full ?? (await this.briefs.full(tx, enterpriseId));
      return {
        frozen,
        brief,
        lookAlikesAtLeast: record?.lookAlikesAtLeast ?? null,
        facts: (record?.facts ?? []).map(({ fact, shown, firms }) => ({ fact, shown, lookAlikes: firms })),
        mandates: {
          fitting: await this.fitting(request, brief),
          fittingIfNothingWereHidden: full ? await this.fitting(request, { ...full, grade: brief.grade }) : null,
        },
      };
    });
  }

  private async fitting(request: FundingRequest, columns: BriefColumns): Promise<number> {
    return (await this.catalogue.matching(termsWith(request, columns))).length;
  }

  private async recorded(tx: Transaction, requestId: string): Promise<AnonymityRecord | undefined> {
    const [row] = await tx.rows<{ reason: string | { anonymity?: AnonymityRecord } | null }>(
      "SELECT reason FROM market_history WHERE subject_id = ? AND action = 'submit' ORDER BY id DESC LIMIT 1",
      [idBytes(requestId)],
    );
    return row?.reason ? asJson<{ anonymity?: AnonymityRecord }>(row.reason).anonymity : undefined;
  }
}

function frozenBrief(request: FundingRequest): BriefColumns {
  const { sector, region, sizeClass, ageBand, grade, womenLed, rural, revenueBand, staffBand } = request;
  return { sector, region, sizeClass, ageBand, grade, womenLed, rural, revenueBand, staffBand };
}
