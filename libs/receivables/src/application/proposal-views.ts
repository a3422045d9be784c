import type { Proposal } from '../persistence/proposal.store.js';

export function proposalView(proposal: Proposal) {
  return {
    id: proposal.id,
    action: proposal.action,
    state: proposal.state,
    batchId: proposal.batchId,
    reason: proposal.reason,
    items: { all: proposal.items, done: proposal.itemsDone },
    proposedBy: proposal.proposedBy,
    proposedAt: proposal.proposedAt.toISOString(),
    undertaking:
      proposal.undertakingVersion === null
        ? null
        : {
            version: proposal.undertakingVersion,
            makerLanguage: proposal.makerLanguage,
            checkerLanguage: proposal.checkerLanguage,
          },
    decidedBy: proposal.decidedBy,
    decidedAt: proposal.decidedAt?.toISOString() ?? null,
    version: proposal.version,
  };
}
