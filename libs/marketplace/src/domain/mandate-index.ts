import type { Mandate } from '#kernel';
import { failedRules } from './matching.policy.js';
import type { AnonymousBrief } from './request-terms.js';

/** The live mandates by id, found by the plain rule. */
export class MandateIndex {
  private readonly mandates = new Map<string, Mandate>();

  put(mandate: Mandate): void {
    this.mandates.set(mandate.id, mandate);
  }

  remove(mandateId: string): void {
    this.mandates.delete(mandateId);
  }

  all(): Mandate[] {
    return [...this.mandates.values()];
  }

  matching(brief: AnonymousBrief): Mandate[] {
    return this.all().filter((mandate) => failedRules(mandate, brief).length === 0);
  }
}
