/** One award past its deadline, as the honour rate sees it. */
export interface PastAward {
  readonly disbursed: boolean;
  /** The terms paid out were not worse than those accepted. */
  readonly unworsened: boolean;
  /** The award failed by the enterprise's fault, by its own word or an operator's ruling. */
  readonly enterpriseFault: boolean;
}

/** Of all awards past their deadline that did not fail by the enterprise's fault, the share paid out at unworsened terms; null when there are none. */
export function honourRate(awards: readonly PastAward[]): {
  readonly honoured: number;
  readonly counted: number;
  readonly rate: number | null;
} {
  const counted = awards.filter(({ disbursed, enterpriseFault }) => disbursed || !enterpriseFault);
  const honoured = counted.filter(({ disbursed, unworsened }) => disbursed && unworsened).length;
  return { honoured, counted: counted.length, rate: counted.length === 0 ? null : honoured / counted.length };
}
