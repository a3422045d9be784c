import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  aprCalculator,
  type Calculator,
  daysCalculator,
  describeRefusal,
  dueCalculator,
  fnCalculator,
  guaranteeFeeCalculator,
  refuseField,
  scheduleCalculator,
  sizeCalculator,
} from '#finance';
import { httpError, Public, RateLimited } from '#platform';
import { businessCalendars, guaranteeFeeTables, sizeStandards } from '#platform/rulebooks';
import type {
  Answers,
  AprAnswer,
  DaysAnswer,
  DueAnswer,
  FunctionAnswer,
  GuaranteeFeeAnswer,
  ScheduleAnswer,
  SizeAnswer,
} from './answers.js';
import { calculatorInputs } from './input-schemas.js';

/** Larger work is for the command line, which needs no server. */
const mostCases = 20;
const mostBytes = 65_536;

const CaseBody = (name: keyof typeof calculatorInputs): MethodDecorator => {
  const schema = calculatorInputs[name];
  return ApiBody({
    schema: { anyOf: [schema, { type: 'array', items: schema, minItems: 1, maxItems: mostCases }] } as object,
  });
};

/** The calculators of the command line, for anybody: one case is an object, up to twenty are a list. */
@ApiTags('Calculators')
@Controller('v1/calculators')
@Public()
@RateLimited('calculation')
export class CalculatorsController {
  private readonly due = dueCalculator(businessCalendars());
  private readonly size = sizeCalculator(sizeStandards());
  private readonly fee = guaranteeFeeCalculator(guaranteeFeeTables());

  /** Annual percentage rate: the equation of Directives 2008/48/EC and 2014/17/EU, or Regulation Z appendix J. */
  @Post('apr')
  @HttpCode(200)
  @CaseBody('apr')
  async apr(@Body() input: unknown) {
    return answer<AprAnswer>(aprCalculator, input);
  }

  /** Repayment schedule. */
  @Post('schedule')
  @HttpCode(200)
  @CaseBody('schedule')
  async schedule(@Body() input: unknown) {
    return answer<ScheduleAnswer>(scheduleCalculator, input);
  }

  /** A financial function with the meaning of the spreadsheets. */
  @Post('fn')
  @HttpCode(200)
  @CaseBody('fn')
  async spreadsheet(@Body() input: unknown) {
    return answer<FunctionAnswer>(fnCalculator, input);
  }

  /** Days between two dates by a day count convention. */
  @Post('days')
  @HttpCode(200)
  @CaseBody('days')
  async days(@Body() input: unknown) {
    return answer<DaysAnswer>(daysCalculator, input);
  }

  /** When a number of working days ends. */
  @Post('due')
  @HttpCode(200)
  @CaseBody('due')
  async dueTime(@Body() input: unknown) {
    return answer<DueAnswer>(this.due, input);
  }

  /** Size class of a firm by a country's standard. */
  @Post('size')
  @HttpCode(200)
  @CaseBody('size')
  async sizeClass(@Body() input: unknown) {
    return answer<SizeAnswer>(this.size, input);
  }

  /** Guarantee fee by a published table. */
  @Post('guarantee-fee')
  @HttpCode(200)
  @CaseBody('guarantee-fee')
  async guaranteeFee(@Body() input: unknown) {
    return answer<GuaranteeFeeAnswer>(this.fee, input);
  }
}

async function answer<Answer>(calculator: Calculator, input: unknown): Promise<Answers<Answer>> {
  if (Buffer.byteLength(JSON.stringify(input ?? null)) > mostBytes) throw httpError('body_too_large');
  if (!Array.isArray(input)) return calculator(input) as Answer;
  if (input.length > mostCases) refuseField('', 'list', `must be a list of at most ${mostCases} cases`);
  const answers = [];
  for (const one of input as readonly unknown[]) {
    answers.push(answerOrReason<Answer>(calculator, one));
    // Others are served between two cases.
    await nextTurn();
  }
  return answers;
}

function answerOrReason<Answer>(calculator: Calculator, input: unknown) {
  try {
    return calculator(input) as Answer;
  } catch (error) {
    return describeRefusal(error);
  }
}
