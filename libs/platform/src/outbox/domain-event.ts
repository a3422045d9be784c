/** A fact that a context announces. `name` is `<noun>.<past participle>`; webhooks subscribe by it. */
export interface DomainEvent {
  readonly name: string;
  readonly subjectType: string;
  readonly subjectId: string;
  /** The subject's version after the change: order is promised per subject only. */
  readonly version: number;
  /** Organisations that may be told of this event by webhook. */
  readonly audience?: readonly string[];
  /** Plain JSON; ids and figures that handlers need to find the rest themselves. */
  readonly payload: Readonly<Record<string, unknown>>;
}
