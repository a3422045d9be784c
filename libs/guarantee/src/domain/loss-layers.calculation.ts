import { allocate } from '#kernel';
import { type Ppm, whole } from './share.js';

export const layerKinds = ['scheme', 'fund', 'region', 'counter'] as const;
export type LayerKind = (typeof layerKinds)[number];

/** One who bears a part of each claim that the scheme pays. */
export interface Layer {
  /** The scheme itself keeps a layer; the others are re-guarantors that it bills. */
  readonly kind: LayerKind;
  readonly organisationId: string;
  /** Share of the paid claim. */
  readonly share: Ppm;
}

/** One party's part of one loss. */
export interface LossShare {
  readonly kind: LayerKind | 'lender';
  readonly organisationId: string;
  readonly borneMinor: bigint;
}

/** What is wrong with the layers of an agreement; nothing when they can be used. */
export function layerFaults(layers: readonly Layer[]): string[] {
  const faults: string[] = [];
  const sum = layers.reduce((total, { share }) => total + share, 0n);
  if (sum !== whole) faults.push('the shares must add up to 100 % of the claim');
  if (layers.some(({ share }) => share <= 0n)) faults.push('every share must be above zero');
  if (layers.filter(({ kind }) => kind === 'scheme').length !== 1) faults.push('the scheme keeps exactly one layer');
  if (new Set(layers.map(({ organisationId }) => organisationId)).size !== layers.length)
    faults.push('a party stands in one layer only');
  return faults;
}

/**
 * Splits one loss to the cent: the lender bears what the claim does not pay, the layers share the paid claim by their ratios.
 * The parts add up to the loss whatever the ratios.
 */
export function shareLoss(
  lossMinor: bigint,
  paidMinor: bigint,
  lenderId: string,
  layers: readonly Layer[],
): readonly LossShare[] {
  if (paidMinor < 0n || paidMinor > lossMinor) throw new RangeError('a claim pays between nothing and the loss');
  const parts = allocate(
    paidMinor,
    layers.map(({ share }) => share),
  );
  return [
    ...layers.map(({ kind, organisationId }, at) => ({ kind, organisationId, borneMinor: parts[at] as bigint })),
    { kind: 'lender' as const, organisationId: lenderId, borneMinor: lossMinor - paidMinor },
  ];
}

/** What a party has borne and what came back to it. */
export interface OpenLoss {
  readonly borneMinor: bigint;
  readonly recoveredMinor: bigint;
}

/**
 * Shares a net recovery by the loss that each still bears. Since the weights are what is left, no party ever gets back more than it
 * bore, and cents that fell one way are made good by the next recovery. What exceeds the whole open loss is nobody's here: it is the
 * debtor's, and stays in `surplusMinor`.
 */
export function shareRecovery(
  netMinor: bigint,
  losses: readonly OpenLoss[],
): { readonly parts: readonly bigint[]; readonly surplusMinor: bigint } {
  const open = losses.map(({ borneMinor, recoveredMinor }) => borneMinor - recoveredMinor);
  const all = open.reduce((sum, each) => sum + each, 0n);
  const shared = netMinor < all ? netMinor : all;
  const parts = shared === 0n ? open.map(() => 0n) : allocate(shared, open);
  return { parts, surplusMinor: netMinor - shared };
}
