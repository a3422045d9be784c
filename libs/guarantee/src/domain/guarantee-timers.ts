/** The instants at which something happens to a guarantee without anybody's doing. */
export const guaranteeTimers = {
  /** The letter of intent's last day is over. */
  letterEnd: 'guarantee.letter_end',
  /** The days of cure after a notice are over. */
  cureEnd: 'guarantee.cure_end',
  /** The term and the days for a claim after it are over. */
  termEnd: 'guarantee.term_end',
} as const;
