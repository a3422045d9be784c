import { appendFile, mkdir, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { CalendarDate } from '#kernel';
import { ENVIRONMENT, type Environment } from '#platform';
import { type AssignmentFiling, AssignmentRegister } from './ports/assignment-register.js';
import { type LienQuery, LienRegister, type PriorLien } from './ports/lien-register.js';

/** One line of the file: a filing, or the end of one. `origin` tells this market's own filings from those of others. */
type Filed = AssignmentFiling & {
  readonly op: 'file';
  readonly number: string;
  readonly origin: string;
  readonly scope: PriorLien['scope'];
};
type Line = Filed | { readonly op: 'satisfy'; readonly number: string; readonly on: CalendarDate };

/** The file, by what is asked of it. */
interface Known {
  bytes: number;
  readonly byId: Map<string, Filed>;
  /** Filings of others. */
  readonly bySeller: Map<string, Filed[]>;
  readonly ended: Set<string>;
}

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
  private known = nothingKnown();
  /** The look that is under way, and all that wait for it. */
  private looks: Promise<unknown> = Promise.resolve();

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    super();
    this.folder = join(environment.dataFolder, 'assignment-register');
  }

  async file(filing: AssignmentFiling): Promise<string> {
    const { byId } = await this.read();
    const stands = byId.get(filing.id);
    if (stands) return stands.number;
    const number = `SND-${filing.id.replaceAll('-', '').toUpperCase()}`;
    await this.append({ op: 'file', ...filing, number, origin: ownOrigin, scope: 'claim' });
    return number;
  }

  async satisfy(number: string, on: CalendarDate): Promise<void> {
    if (!(await this.read()).ended.has(number)) await this.append({ op: 'satisfy', number, on });
  }

  async search(query: LienQuery): Promise<readonly PriorLien[]> {
    const { bySeller, ended } = await this.read();
    const others = bySeller.get(sellerKey(query)) ?? [];
    return others
      .filter((line) => !ended.has(line.number) && (line.scope === 'all_receivables' || isClaim(line, query)))
      .map((line) => ({
        filing: line.number,
        securedParty: line.securedParty,
        filedOn: line.filedOn,
        scope: line.scope,
      }));
  }

  /** What the file says now. One looks after the other: two at once would each learn the same lines, or one from where the other stands. */
  private read(): Promise<Known> {
    const look = this.looks.then(() => this.look());
    this.looks = look.catch(() => undefined);
    return look;
  }

  /** Only what was added since the last look is read. */
  private async look(): Promise<Known> {
    const path = join(this.folder, 'filings.jsonl');
    const size = await stat(path).then(
      (found) => found.size,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return 0;
        throw error;
      },
    );
    if (size < this.known.bytes) this.known = nothingKnown();
    if (size === this.known.bytes) return this.known;
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(size - this.known.bytes),
        0,
        size - this.known.bytes,
        this.known.bytes,
      );
      const text = buffer.subarray(0, bytesRead);
      // A line that another process is still writing is read the next time.
      const whole = text.subarray(0, text.lastIndexOf(0x0a) + 1);
      for (const line of whole.toString('utf8').split('\n'))
        if (line.trim() !== '') learn(this.known, JSON.parse(line) as Line);
      this.known.bytes += whole.length;
    } finally {
      await file.close();
    }
    return this.known;
  }

  /** One write of one line, at the end: lines of several processes do not mix. */
  private async append(line: Line): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await appendFile(join(this.folder, 'filings.jsonl'), `${JSON.stringify(line)}\n`, { flush: true });
  }
}

function nothingKnown(): Known {
  return { bytes: 0, byId: new Map(), bySeller: new Map(), ended: new Set() };
}

function learn(known: Known, line: Line): void {
  if (line.op === 'satisfy') return void known.ended.add(line.number);
  known.byId.set(line.id, line);
  if (line.origin === ownOrigin) return;
  const key = sellerKey(line);
  known.bySeller.set(key, [...(known.bySeller.get(key) ?? []), line]);
}

function sellerKey({ sellerCountry, sellerRegistration }: LienQuery | Filed): string {
  return `${sellerCountry}:${sellerRegistration}`;
}

function isClaim(line: Filed, query: LienQuery): boolean {
  const isDebtor = line.debtorCountry === query.debtorCountry && line.debtorRegistration === query.debtorRegistration;
  return isDebtor && plain(line.documentNumber) === plain(query.documentNumber) && line.issuedOn === query.issuedOn;
}

function plain(number: string): string {
  return number
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
}
