import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { list, object, oneOf, readInput, text } from '#finance';
import { ENVIRONMENT, type Environment } from '#platform';
import {
  findMatches,
  type ListEntry,
  type ScreeningPort,
  type ScreeningResult,
  type ScreeningSubject,
} from '../domain/screening.js';

interface ScreeningList {
  readonly name: string;
  readonly version: string;
  readonly entries: readonly ListEntry[];
}

const reader = object({
  name: text({ max: 80 }),
  version: text({ max: 30 }),
  entries: list(
    object({
      name: text({ max: 200 }),
      aliases: list(text({ max: 200 }), { min: 0, max: 50 }),
      kind: oneOf(['sanction', 'politically_exposed']),
      programme: text({ max: 200 }),
    }),
    { min: 0, max: 1_000_000 },
  ),
});

/**
 * Screens against the list that the operator keeps in `<data folder>/screening/list.json` (docs/guide/screening.md).
 * The file is read at each call, so that a new list holds at once. Without a file nobody is "clear": a person looks.
 */
@Injectable()
export class FileScreening implements ScreeningPort {
  private readonly path: string;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    this.path = join(environment.dataFolder, 'screening', 'list.json');
  }

  async screen(subjects: readonly ScreeningSubject[]): Promise<readonly ScreeningResult[]> {
    const installed = subjects.length === 0 ? undefined : await this.load();
    return subjects.map((subject) => {
      if (!installed) return { status: 'not_screened', list: null, matches: [] };
      const matches = findMatches(subject, installed.entries);
      const listName = `${installed.name} ${installed.version}`;
      return { status: matches.length > 0 ? 'possible_match' : 'clear', list: listName, matches };
    });
  }

  private async load(): Promise<ScreeningList | undefined> {
    const content = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    return content === undefined ? undefined : readInput(JSON.parse(content) as unknown, reader);
  }
}
