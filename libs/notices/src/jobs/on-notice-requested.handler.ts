import { Injectable } from '@nestjs/common';
import type { DeliveredEvent, EventHandler, Transaction } from '#platform';
import { type NoticeRequest, noticeRequested } from '../application/notify.js';
import { WriteNotices } from '../application/write-notices.js';

@Injectable()
export class OnNoticeRequested implements EventHandler {
  readonly name = 'notices.on_notice_requested';
  readonly events = [noticeRequested];

  constructor(private readonly writeNotices: WriteNotices) {}

  async handle(tx: Transaction, { payload }: DeliveredEvent): Promise<void> {
    await this.writeNotices.within(tx, payload as unknown as NoticeRequest);
  }
}
