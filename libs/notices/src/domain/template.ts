export const languages = ['en', 'ar', 'zh'] as const;
export type Language = (typeof languages)[number];

export const channels = ['in_app', 'email'] as const;
export type Channel = (typeof channels)[number];

/** What a person may choose about: each topic can be switched off per channel. */
export const topics = {
  review: 'reviews of your cases, and the cases you review',
  request: 'your funding requests',
  offer: 'offers, questions and awards',
  guarantee: 'guarantees, their fees, notices and claims',
  organisation: 'your organisation, its people and its verification',
  operations: 'webhooks, calendars and the running of the portal',
} as const;
export type Topic = keyof typeof topics;

/** One message in one language; `{word}` is replaced by the parameter of that name. */
export interface Wording {
  /** One line: the e-mail's subject and the notice's title. */
  readonly title: string;
  readonly body: string;
}

/** A message in every language of the portal. */
export interface Template extends Readonly<Record<Language, Wording>> {
  readonly topic: Topic;
  /** `always`: nobody can switch it off. `confidential`: so, by e-mail only, and its link goes when the letter has gone. */
  readonly delivery?: 'always' | 'confidential';
}

/** Gives a table of templates its type and keeps its names. */
export function defineTemplates<const T extends Readonly<Record<string, Template>>>(table: T): T {
  return table;
}
