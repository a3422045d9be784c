import { Injectable } from '@nestjs/common';
import { type CommandContext, httpError, idBytes, newId, UnitOfWork } from '#platform';
import { marketplaceError } from '../domain/errors.js';
import { lockForBid } from '../persistence/bid.query.js';
import { AnonymousBriefs } from './anonymous-briefs.js';
import { lockOwnRequest } from './draft-request.js';
import { assertOpenForBids } from './place-offer.js';

/** A matched financier asks; every bidder reads question and answer, and nobody learns who asked. */
@Injectable()
export class AskQuestion {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async execute(context: CommandContext, requestId: string, text: string): Promise<{ id: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const request = await lockForBid(tx, requestId, context.actor.organisationId);
      if (!request) throw marketplaceError('not_matched');
      const now = await tx.now();
      assertOpenForBids(request, now);
      const id = newId();
      await tx.insertRows(
        'question',
        ['id', 'request_id', 'financier_id', 'text', 'asked_at'],
        [[idBytes(id), idBytes(requestId), idBytes(context.actor.organisationId), text, now]],
      );
      tx.audit({
        action: 'question.ask',
        subjectType: 'funding_request',
        subjectId: requestId,
        data: { questionId: id },
      });
      tx.emit({
        name: 'question.asked',
        subjectType: 'funding_request',
        subjectId: requestId,
        version: 0,
        payload: { questionId: id },
      });
      return { id };
    });
  }
}

/** The enterprise answers; the answer reaches every bidder, so it may not tell who it is. */
@Injectable()
export class AnswerQuestion {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly briefs: AnonymousBriefs,
  ) {}

  async execute(
    context: CommandContext,
    requestId: string,
    questionId: string,
    answer: string,
  ): Promise<{ id: string }> {
    return this.unitOfWork.run(context, async (tx) => {
      const request = await lockOwnRequest(tx, requestId);
      const [question] = await tx.rows<{ answered_at: Date | null }>(
        'SELECT answered_at FROM question WHERE id = ? AND request_id = ? FOR UPDATE',
        [idBytes(questionId), idBytes(requestId)],
      );
      if (!question) throw httpError('record_unknown');
      if (question.answered_at) throw marketplaceError('answer_exists');
      await this.briefs.assertNamesNobody(tx, request.enterpriseId, 'answer', answer);
      await tx.execute('UPDATE question SET answer = ?, answered_at = ? WHERE id = ?', [
        answer,
        await tx.now(),
        idBytes(questionId),
      ]);
      tx.audit({
        action: 'question.answer',
        subjectType: 'funding_request',
        subjectId: requestId,
        data: { questionId },
      });
      tx.emit({
        name: 'question.answered',
        subjectType: 'funding_request',
        subjectId: requestId,
        version: 0,
        payload: { questionId },
      });
      return { id: questionId };
    });
  }
}
