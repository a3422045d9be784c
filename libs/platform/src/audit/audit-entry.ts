/** One line of evidence: who did what to which subject. Append-only; a correction is another entry. */
export interface AuditEntry {
  /** `<noun>.<verb>`, such as `funding_request.submit`. */
  readonly action: string;
  readonly subjectType: string;
  readonly subjectId: string;
  /** What changed and why; never a secret, a password or a document's content. */
  readonly data: Readonly<Record<string, unknown>>;
}
