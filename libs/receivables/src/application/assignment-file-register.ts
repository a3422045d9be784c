import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { CalendarDate } from '#kernel';
import { ENVIRONMENT, type Environment } from '#platform';
import { type AssignmentFiling, AssignmentRegister } from './ports/assignment-register.js';
import { type LienQuery, LienRegister, type PriorLien } from './ports/lien-register.js';

/** One line of the file: a filing, or the end of one. `origin` tells this market's own filings from those of others. */
type Line =
  | (AssignmentFiling & {
      readonly op: 'file';
      readonly number: string;
      readonly origin: string;
      readonly scope: PriorLien['scope'];
    })
  | { readonly op: 'satisfy'; readonly number: string; readonly on: CalendarDate };

/** The name under which this market files. */
export const ownOrigin = 'sanad';

/**
 * The outside register where a country has none that can be called: lines of JSON in a file that only grows, which an operator may complete
 * with what it learns of others' filings. Searches leave out this market's own filings: those are held by its own constraints.
 */
@Injectable()
export class AssignmentFileRegister extends AssignmentRegister implements LienRegister {
  readonly name = 'file';
  private readonly folder: string;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    super();
    this.folder = join(environment.dataFolder, 'assignment-register');
  }

  async file(filing: AssignmentFiling): Promise<string> {
    const stands = (await this.lines()).find((line) => line.op === 'file' && line.id === filing.id);
    if (stands) return stands.number;
    const number = `SND-${filing.id.replaceAll('-', '').toUpperCase()}`;
    await this.append({ op: 'file', ...filing, number, origin: ownOrigin, scope: 'claim' });
    return number;
  }

  async satisfy(number: string, on: CalendarDate): Promise<void> {
    const done = (await this.lines()).some((line) => line.op === 'satisfy' && line.number === number);
    if (!done) await this.append({ op: 'satisfy', number, on });
  }

  async search(query: LienQuery): Promise<readonly PriorLien[]> {
    const lines = await this.lines();
    const ended = new Set(lines.filter(({ op }) => op === 'satisfy').map(({ number }) => number));
    return lines.flatMap((line) => {
      if (line.op !== 'file' || line.origin === ownOrigin || ended.has(line.number)) return [];
      const isSellers =
        line.sellerCountry === query.sellerCountry && line.sellerRegistration === query.sellerRegistration;
      const isClaim =
        line.debtorCountry === query.debtorCountry &&
        line.debtorRegistration === query.debtorRegistration &&
        plain(line.documentNumber) === plain(query.documentNumber) &&
        line.issuedOn === query.issuedOn;
      if (!isSellers || (line.scope === 'claim' && !isClaim)) return [];
      return [{ filing: line.number, securedParty: line.securedParty, filedOn: line.filedOn, scope: line.scope }];
    });
  }

  private async lines(): Promise<readonly Line[]> {
    const text = await readFile(join(this.folder, 'filings.jsonl'), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Line);
  }

  /** One write of one line, at the end: lines of several processes do not mix. */
  private async append(line: Line): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await appendFile(join(this.folder, 'filings.jsonl'), `${JSON.stringify(line)}\n`, { flush: true });
  }
}

function plain(number: string): string {
  return number
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
}
