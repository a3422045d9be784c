import { Injectable } from '@nestjs/common';
import { IdentityReader } from '#identity';
import type { Transaction } from '#platform';
import { chooseReviewer } from '../domain/assignment.policy.js';
import type { CaseHandler } from './review-case.commands.js';
import { loadsOf } from '../persistence/review-case.store.js';

/** Where a case goes: to a person, or to the review lead's queue when nobody may take it. */
export interface Assignment {
  readonly operatorId: string | null;
  readonly assigneeId: string | null;
  readonly escalated: boolean;
}

/** Spreads work over the operator's reviewers by load. */
@Injectable()
export class AssignmentDesk {
  constructor(private readonly identity: IdentityReader) {}

  /** Chooses for the case `caseId`. With nobody left the case waits in the review lead's queue. */
  async choose(
    tx: Transaction,
    caseId: string,
    excluded: ReadonlySet<string>,
    handler?: CaseHandler,
  ): Promise<Assignment> {
    if (handler) return this.chooseOf(tx, handler, caseId, excluded);
    const people = await this.identity.peopleOfKind('operator', ['reviewer', 'review_lead'], tx);
    const reviewers = people.filter(({ roles }) => roles.includes('reviewer'));
    const loads = await loadsOf(
      tx,
      reviewers.map(({ personId }) => personId),
    );
    const assigneeId = chooseReviewer(
      reviewers.map(({ personId }) => ({ personId, load: loads.get(personId) ?? 0 })),
      excluded,
      caseId,
    );
    const operatorId =
      people.find(({ personId }) => personId === assigneeId)?.organisationId ?? people[0]?.organisationId ?? null;
    return { operatorId, assigneeId, escalated: assigneeId === null };
  }

  private async chooseOf(
    tx: Transaction,
    { organisationId, roles }: CaseHandler,
    caseId: string,
    excluded: ReadonlySet<string>,
  ): Promise<Assignment> {
    const people = await this.identity.people(organisationId, roles, tx);
    const loads = await loadsOf(
      tx,
      people.map(({ personId }) => personId),
    );
    const candidates = people.map(({ personId }) => ({ personId, load: loads.get(personId) ?? 0 }));
    const assigneeId = chooseReviewer(candidates, excluded, caseId);
    return { operatorId: organisationId, assigneeId, escalated: assigneeId === null };
  }

  /** Those to whom a lead may give a case: reviewers and leads without a declared conflict. */
  async fit(tx: Transaction, excluded: ReadonlySet<string>): Promise<readonly { personId: string; name: string }[]> {
    const people = await this.identity.peopleOfKind('operator', ['reviewer', 'review_lead'], tx);
    return people.filter(({ personId }) => !excluded.has(personId)).map(({ personId, name }) => ({ personId, name }));
  }
}
