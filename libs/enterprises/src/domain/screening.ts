/** `not_screened`: no list is installed, so a person must look. `possible_match`: a name is on a list; a person rules. */
export const screeningStatuses = ['not_screened', 'clear', 'possible_match'] as const;
export type ScreeningStatus = (typeof screeningStatuses)[number];

export interface ScreeningMatch {
  readonly name: string;
  readonly kind: 'sanction' | 'politically_exposed';
  readonly programme: string;
}

export interface ScreeningSubject {
  readonly name: string;
  readonly localName: string;
  readonly country: string;
}

export interface ScreeningResult {
  readonly status: ScreeningStatus;
  /** Name and version of the list that was asked; null where none was. */
  readonly list: string | null;
  readonly matches: readonly ScreeningMatch[];
}

/** Asks a list of sanctioned and politically exposed people. The default reads a file; a bureau's service can take its place. */
export interface ScreeningPort {
  screen(subjects: readonly ScreeningSubject[]): Promise<readonly ScreeningResult[]>;
}

export const SCREENING = Symbol('SCREENING');

export interface ListEntry extends ScreeningMatch {
  readonly aliases: readonly string[];
}

/**
 * A name as lists are searched: no case, accents, Arabic vowel signs or punctuation; the forms of alef, yeh, teh
 * marbuta alike; words in alphabetic order, because lists print surnames first.
 */
export function searchName(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('\u0640', '')
    .replaceAll(/[\u0622\u0623\u0625\u0671]/g, '\u0627')
    .replaceAll('\u0649', '\u064A')
    .replaceAll('\u0629', '\u0647')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .sort()
    .join(' ');
}

/** The entries whose name or alias is the subject's name in either script, compared as {@link searchName}. */
export function findMatches(subject: ScreeningSubject, entries: readonly ListEntry[]): readonly ScreeningMatch[] {
  const names = new Set([searchName(subject.name), searchName(subject.localName)].filter((name) => name !== ''));
  return entries
    .filter((entry) => [entry.name, ...entry.aliases].some((name) => names.has(searchName(name))))
    .map(({ name, kind, programme }) => ({ name, kind, programme }));
}
