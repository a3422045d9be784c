import { Injectable } from '@nestjs/common';
import type { WorkLoop } from '#platform';
import { SendMail } from '../application/send-mail.js';

@Injectable()
export class SendMailLoop implements WorkLoop {
  readonly name = 'notices.send_mail';
  readonly idleMs = 1_000;

  constructor(private readonly sendMail: SendMail) {}

  work(): Promise<number> {
    return this.sendMail.execute();
  }
}
