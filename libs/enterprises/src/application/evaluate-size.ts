import { Exact, type SizeDecision, sizeClass, type SizeStandard } from '#finance';
import { currencyDigits } from '#kernel';
import { newId, type Transaction } from '#platform';
import { sizeStandards } from '#platform/rulebooks';
import { industryOf } from '../domain/isic.policy.js';
import type { FinancialStatement } from '../domain/statement.js';
import { type EnterpriseProfile, EnterpriseProfile as ProfileEntity, SizeEvaluation } from '../persistence/entities.js';
import { latestStatement } from '../persistence/statement.store.js';
import type { EnterpriseRules } from './enterprise-rules.js';

type Inputs = Readonly<
  Record<'staff' | 'revenue' | 'assets' | 'balanceSheet' | 'industry' | 'fiscalYear', string | null>
>;

/**
 * Decides the size class anew from the latest statement and the staff, and keeps the decision with the book's version
 * and the inputs, so that it can be replayed. Nothing is written when book and inputs are those of the last decision.
 */
export async function evaluateSize(
  tx: Transaction,
  profile: EnterpriseProfile,
  rules: EnterpriseRules,
  now: Date,
): Promise<SizeEvaluation['sizeClass']> {
  const standard = rules.sizeStandard === undefined ? undefined : sizeStandards().get(rules.sizeStandard);
  const inputs = sizeInputs(profile, await latestStatement(tx, profile.id), rules);
  const last =
    profile.sizeEvaluationId === null
      ? null
      : await tx.manager.findOneBy(SizeEvaluation, { id: profile.sizeEvaluationId });
  const isSame =
    last !== null &&
    last.standardVersion === (standard?.version ?? null) &&
    last.standardId === (standard?.id ?? null) &&
    (Object.keys(inputs) as (keyof Inputs)[]).every((name) => (last.inputs[name] ?? null) === inputs[name]);
  if (isSame) return last.sizeClass;
  const evaluation: SizeEvaluation = {
    id: newId(),
    enterpriseId: profile.id,
    ...outcome(standard, inputs),
    standardId: standard?.id ?? null,
    standardVersion: standard?.version ?? null,
    inputs,
    at: now,
  };
  await tx.manager.insert(SizeEvaluation, evaluation);
  await tx.manager.update(
    ProfileEntity,
    { id: profile.id },
    { sizeClass: evaluation.sizeClass, sizeEvaluationId: evaluation.id },
  );
  if (evaluation.sizeClass !== profile.sizeClass) {
    const { sizeClass: name, rule, standardId, standardVersion } = evaluation;
    tx.audit({
      action: 'enterprise.classify',
      subjectType: 'enterprise',
      subjectId: profile.id,
      data: { sizeClass: name, rule, standardId, standardVersion },
    });
  }
  return evaluation.sizeClass;
}

function sizeInputs(
  profile: EnterpriseProfile,
  statement: FinancialStatement | undefined,
  rules: EnterpriseRules,
): Inputs {
  const whole = (minor: bigint): string =>
    new Exact(minor.toString()).div(10 ** currencyDigits(rules.currency)).toFixed();
  const staff = profile.staff ?? statement?.staff ?? null;
  return {
    staff: staff === null ? null : String(staff),
    revenue: statement ? whole(statement.revenueMinor) : null,
    assets: statement ? whole(statement.totalAssetsMinor) : null,
    balanceSheet: statement ? whole(statement.totalAssetsMinor) : null,
    industry: profile.sizeIndustry ?? industryOf(profile.isicClass, rules.industries) ?? null,
    fiscalYear: statement ? String(statement.fiscalYear) : null,
  };
}

function outcome(
  standard: SizeStandard | undefined,
  inputs: Inputs,
): Pick<SizeEvaluation, 'outcome' | 'sizeClass' | 'rule'> {
  if (!standard) return { outcome: 'no_standard', sizeClass: null, rule: 'no official size standard is on file' };
  const figure = (value: string | null): Exact | undefined => (value === null ? undefined : new Exact(value));
  const { staff, revenue, assets, balanceSheet, industry } = inputs;
  const decision: SizeDecision = sizeClass(
    standard,
    {
      staff: figure(staff),
      revenue: figure(revenue),
      assets: figure(assets),
      balanceSheet: figure(balanceSheet),
    },
    industry ?? undefined,
  );
  switch (decision.kind) {
    case 'decided':
      return { outcome: 'decided', sizeClass: decision.class, rule: decision.rule.slice(0, 400) };
    case 'more_needed':
      return { outcome: 'more_needed', sizeClass: null, rule: `needed: ${decision.metrics.join(', ')}` };
    case 'industry_unknown':
      return { outcome: 'industry_unknown', sizeClass: null, rule: 'the industry is not known' };
  }
}
