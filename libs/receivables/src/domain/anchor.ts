/** What an anchor is: a buyer of goods and services, a public buyer, or the authority that refunds taxes. */
export const anchorKinds = ['company', 'government', 'tax_authority'] as const;
export type AnchorKind = (typeof anchorKinds)[number];

/** Who learns that the anchor confirms invoices here: everybody, or the firms on its own list only. */
export const anchorVisibilities = ['public', 'suppliers'] as const;
export type AnchorVisibility = (typeof anchorVisibilities)[number];

export const branchStates = ['open', 'closed'] as const;
export type BranchState = (typeof branchStates)[number];

export const supplierStates = ['listed', 'removed'] as const;
export type SupplierState = (typeof supplierStates)[number];
