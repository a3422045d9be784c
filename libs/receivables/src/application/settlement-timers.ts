/** The clocks of certificates and settlement, by the kind of their timers. */
export const settlementTimers = {
  /** A transfer was not decided. Subject: the transfer. */
  transferExpiry: 'certificate_transfer.expire',
  /** The money of a day is given out. Subject: the programme's day. */
  discountRound: 'discount_day.give_out',
  /** The anchor did not pay early as agreed. Subject: the ask. */
  discountLapse: 'discount_ask.lapse',
  /** The first leg did not come. Subject: the assignment. */
  firstLegFailure: 'assignment.fail_first_leg',
  /** An anchor has not acknowledged a notice. Subject: the item of the assignment. */
  noticeReminder: 'assignment_item.remind',
  /** What a seller is to pay back is late. Subject: the obligation. */
  obligationOverdue: 'settlement_obligation.fall_overdue',
} as const;
