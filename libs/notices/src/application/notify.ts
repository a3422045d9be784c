import { newId, type Transaction } from '#platform';
import type { TemplateName } from '../domain/templates/index.js';

/** Who is told: one person; an organisation's people, all or those with a role; or the operator's people with a role. */
export type Addressee =
  | { readonly personId: string }
  | { readonly organisationId: string; readonly roles?: readonly string[] }
  | { readonly roles: readonly string[] };

export type NoticeRequest = Addressee & {
  readonly template: TemplateName;
  /** Fills the template's placeholders. An ISO instant is shown in the portal's time zone and the reader's language. */
  readonly parameters?: Readonly<Record<string, string | number>>;
  /** Path within the portal, such as `/requests/…`. */
  readonly link?: string;
};

export const noticeRequested = 'notice.requested';

/**
 * Tells people something, in the caller's transaction: what is rolled back is never told. Costs the caller no
 * statement; who exactly is told, in which language and by which channel, is worked out after the commit.
 */
export function notify(tx: Transaction, request: NoticeRequest): void {
  const subjectId =
    'personId' in request ? request.personId : 'organisationId' in request ? request.organisationId : newId();
  tx.emit({ name: noticeRequested, subjectType: 'notice', subjectId, version: 1, payload: { ...request } });
}
