import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { ReturnComplaint } from '../application/complaints.js';

/** Silence returned a case: a complaint follows its case. */
@Injectable()
export class OnComplaintReturned implements EventHandler {
  readonly name = 'review.on_complaint_returned';
  readonly events = ['review_case.returned'];

  constructor(private readonly returnComplaint: ReturnComplaint) {}

  async handle(tx: Transaction, { payload }: DeliveredEvent): Promise<void> {
    if (payload['subjectType'] === 'complaint') await this.returnComplaint.within(tx, String(payload['subjectId']));
  }
}
