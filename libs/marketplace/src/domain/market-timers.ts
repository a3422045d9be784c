/** The clocks of the marketplace. */
export const marketTimers = {
  /** Bidding ends. */
  close: 'market.close',
  /** The enterprise's time to decide ends. */
  decide: 'market.decide',
  /** An invited financier's time to answer ends; the subject is the request. */
  answer: 'market.answer',
  /** An offer's last day. */
  offerExpiry: 'offer.expire',
  /** The market for receivables opens, and rules bid on what was listed while it was closed. */
  autoBid: 'market.auto_bid',
  /** An award's present deadline: to sign, then to pay out. */
  award: 'award.deadline',
} as const;
