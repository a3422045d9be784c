import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor } from '#platform';
import { guaranteeError } from '../domain/errors.js';
import { GuaranteeScheme } from '../persistence/entities.js';

/** Who may read what of a scheme beyond its public figures. */
@Injectable()
export class SchemeAccess {
  constructor(private readonly dataSource: DataSource) {}

  /** The scheme, for its guarantor's people and the supervisor; to others it is not known. */
  async own(actor: Actor, schemeId: string): Promise<GuaranteeScheme> {
    const scheme = await this.dataSource.manager.findOneBy(GuaranteeScheme, { id: schemeId });
    if (!scheme || (actor.organisationKind !== 'supervisor' && scheme.guarantorId !== actor.organisationId))
      throw guaranteeError('scheme_unknown');
    return scheme;
  }

  /** The scheme, for everybody, once it is open. */
  async opened(schemeId: string): Promise<GuaranteeScheme> {
    const scheme = await this.dataSource.manager.findOneBy(GuaranteeScheme, { id: schemeId });
    if (!scheme || scheme.status === 'draft') throw guaranteeError('scheme_unknown');
    return scheme;
  }
}
