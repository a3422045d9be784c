/** Why a receivable is held: another one looks like it, or somebody else has it or a right in it. */
export const holdKinds = ['number', 'amount', 'split', 'order', 'registry', 'lien'] as const;
export type HoldKind = (typeof holdKinds)[number];

/** `open`: waits for the case. `distinct`: an honest neighbour. `duplicate`: never financed. */
export const holdStates = ['open', 'distinct', 'duplicate'] as const;
export type HoldState = (typeof holdStates)[number];

/** What another registry answers. */
export const registryVerdicts = ['clear', 'exact', 'loose'] as const;
export type RegistryVerdict = (typeof registryVerdicts)[number];
