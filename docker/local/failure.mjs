/** A step that failed for a reason that the person at the keyboard can do something about. */
export class StepFailure extends Error {
  /**
   * @param {string} message what happened
   * @param {{next?: string, log?: string, cause?: unknown}} [more] what to do, and the file that tells more
   */
  constructor(message, more = {}) {
    super(message, { cause: more.cause });
    this.name = 'StepFailure';
    this.next = more.next;
    this.log = more.log;
  }
}
