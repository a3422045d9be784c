import { defineEvents } from '#notices';

/** What review announces to webhooks. `assigned` reaches the operator only. */
export const reviewEvents = defineEvents({
  'review_case.opened': 'a review started; its due time is in the data',
  'review_case.assigned': 'a case was given to a reviewer or to the review lead’s queue',
  'review_case.warned': 'a share of the review’s working time has passed',
  'review_case.breached': 'a review was not finished in its time',
  'review_case.overdue': 'a late review waited another working day',
  'review_case.paused': 'information was requested; the clock stands still',
  'review_case.resumed': 'the information came; the clock goes on',
  'review_case.rescheduled': 'the business calendar changed, and with it the due time',
  'review_case.decided': 'a review was decided',
  'review_case.returned': 'a case was given back because the applicant stayed silent',
  'review_case.withdrawn': 'the applicant took a case back',
  'business_calendar.changed': 'the operator changed the business calendar',
  'complaint.filed': 'a complaint or an appeal was filed, or what was asked about it was answered',
  'complaint.information_requested': 'the operator asked the complainant for something',
  'complaint.returned': 'a complaint or an appeal was given back because the complainant did not answer',
  'complaint.answered': 'a complaint or an appeal was answered',
  'complaint.withdrawn': 'a complaint or an appeal was taken back',
});
