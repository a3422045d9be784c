import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ENVIRONMENT, type Environment } from '#platform';
import { Person } from '../persistence/entities.js';
import { openText } from './secrets.js';

/** Lets visitors of a sandbox act as its made-up people; a live market answers nothing. */
@Injectable()
export class SandboxSecrets {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  /** The second factor's secret of a demonstration person, or null. */
  async totpSecret(email: string): Promise<string | null> {
    if (this.environment.stage !== 'sandbox') return null;
    const sealed = (await this.dataSource.manager.findOneBy(Person, { email }))?.totpSecret;
    return sealed ? openText(this.environment.secret, sealed) : null;
  }
}
