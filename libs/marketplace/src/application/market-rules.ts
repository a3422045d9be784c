import { Inject, Injectable } from '@nestjs/common';
import { ENVIRONMENT, type Environment } from '#platform';
import { ruleBooks } from '#platform/rulebooks';
import { type MarketRules, readMarketRules } from '../domain/market-rules.js';

/** The rules of the country that this market runs in; the boot fails when there are none. */
@Injectable()
export class MarketRuleBook {
  readonly rules: MarketRules;

  constructor(@Inject(ENVIRONMENT) environment: Environment) {
    const rules = ruleBooks('market-rules', readMarketRules).get(environment.country);
    if (!rules) throw new Error(`config/countries has no market rules for ${environment.country}`);
    this.rules = rules;
  }
}
