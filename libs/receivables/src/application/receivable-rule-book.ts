import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { CalendarDate } from '#kernel';
import { ENVIRONMENT, type Environment } from '#platform';
import { countryCurrency, countryDate, ruleBooks, startOfCountryDay } from '#platform/rulebooks';
import type { ReceivableKind } from '../domain/receivable.js';
import { readReceivableRules, type ReceivableRules } from '../domain/receivable-rules.js';
import { readUndertaking, type UndertakingBook, type UndertakingLanguage } from '../domain/undertaking.js';

/** The rules of receivables and the undertaking of the country that this market runs in; the boot fails when there are none. */
@Injectable()
export class ReceivableRuleBook {
  readonly rules: ReceivableRules;
  readonly undertaking: UndertakingBook;
  readonly country: string;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    const { country } = environment;
    const rules = ruleBooks('receivable-rules', readReceivableRules).get(country);
    const undertaking = ruleBooks('undertaking', readUndertaking).get(country);
    if (!rules || !undertaking)
      throw new Error(`config/countries lacks rules of receivables or an undertaking for ${country}`);
    this.country = country;
    this.rules = rules;
    this.undertaking = undertaking;
  }

  /** The currency in which approval limits are kept. */
  get currency(): string {
    return countryCurrency(this.country);
  }

  today(now: Date): CalendarDate {
    return countryDate(this.country, now);
  }

  startOf(date: CalendarDate): Date {
    return startOfCountryDay(this.country, date);
  }

  /** The words for one kind in one language, and their SHA-256. */
  wording(kind: ReceivableKind, language: UndertakingLanguage): { readonly text: string; readonly hash: Buffer } {
    const text = this.undertaking.texts[kind][language];
    return { text, hash: createHash('sha256').update(text, 'utf8').digest() };
  }
}
