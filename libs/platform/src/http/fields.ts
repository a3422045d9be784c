// size: one decorator a kind of field; cutting it would hide which kinds there are.
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
  ValidationOptions,
  registerDecorator,
} from 'class-validator';
import { isCalendarDate, isCurrencyCode, parseMoney } from '#kernel';
import { noteConversion, noteNested } from './quick-input.js';

/**
 * One decorator a field: what it may hold, and the same said in the OpenAPI document.
 * `optional` fields may be left out; `nullable` ones may be null.
 */
export interface FieldOptions {
  readonly description: string;
  readonly optional?: boolean;
  readonly nullable?: boolean;
  readonly example?: unknown;
}

function field(options: FieldOptions, schema: ApiPropertyOptions, ...checks: PropertyDecorator[]): PropertyDecorator {
  const { description, optional = false, nullable = false, example } = options;
  return applyDecorators(
    ApiProperty({
      ...schema,
      description,
      required: !optional,
      ...(nullable ? { nullable: true } : {}),
      ...(example === undefined ? {} : { example }),
    } as ApiPropertyOptions),
    ...(optional ? [IsOptionalNotNull(nullable)] : nullable ? [ValidateIf((_object, value) => value !== null)] : []),
    ...checks,
  );
}

/** `undefined` is left out; `null` counts as left out only where the field is nullable. */
function IsOptionalNotNull(nullable: boolean): PropertyDecorator {
  return nullable ? IsOptional() : ValidateIf((_object, value) => value !== undefined);
}

/** A value is turned into another before it is checked. */
function Converted(convert: (value: unknown) => unknown): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }) => convert(value)),
    noteConversion(convert),
  );
}

/** The field holds an object, or objects, of a class with fields of its own. */
function OfClass(type: () => new () => object): PropertyDecorator {
  return applyDecorators(Type(type), noteNested(type));
}

/** A custom rule under its own name, with a plain message. */
function Check(
  name: string,
  message: string,
  test: (value: unknown) => boolean,
  options: ValidationOptions = {},
): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: property as string,
      options: { message, ...options },
      validator: { validate: test },
    });
}

/** Free text. Control characters other than line breaks and tabs are refused: they hide things in logs and screens. */
export const StringField = (
  options: FieldOptions & { min?: number; max: number; pattern?: RegExp; format?: string },
): PropertyDecorator =>
  field(
    options,
    {
      type: 'string',
      minLength: options.min ?? 0,
      maxLength: options.max,
      ...(options.pattern ? { pattern: options.pattern.source } : {}),
      ...(options.format ? { format: options.format } : {}),
    },
    IsString({ message: 'must be text' }),
    MinLength(options.min ?? 0, { message: `must have at least ${options.min ?? 0} characters` }),
    MaxLength(options.max, { message: `must have at most ${options.max} characters` }),
    Check('plainText', 'must not hold control characters', (value) => typeof value !== 'string' || isPlainText(value)),
    ...(options.pattern ? [Matches(options.pattern, { message: `must match ${options.pattern.source}` })] : []),
  );

function isPlainText(value: string): boolean {
  return !/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFE\uFFFF]/u.test(value) && value.isWellFormed();
}

export const EmailField = (options: FieldOptions): PropertyDecorator =>
  field(
    options,
    { type: 'string', format: 'email', maxLength: 254 },
    IsString({ message: 'must be text' }),
    MaxLength(254),
    IsEmail({}, { message: 'must be an e-mail address' }),
  );

export const IntField = (options: FieldOptions & { min: number; max: number }): PropertyDecorator =>
  field(
    options,
    { type: 'integer', minimum: options.min, maximum: options.max },
    // In a query everything is text.
    Converted((value) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value)),
    IsInt({ message: 'must be a whole number' }),
    Min(options.min, { message: `must be at least ${options.min}` }),
    Max(options.max, { message: `must be at most ${options.max}` }),
  );

export const BooleanField = (options: FieldOptions): PropertyDecorator =>
  field(
    options,
    { type: 'boolean' },
    Converted((value) => (value === 'true' ? true : value === 'false' ? false : value)),
    IsBoolean({ message: 'must be true or false' }),
  );

export const EnumField = (options: FieldOptions & { values: readonly string[]; name?: string }): PropertyDecorator =>
  field(
    options,
    {
      type: 'string',
      enum: [...options.values],
      ...(options.name ? { enumName: options.name } : {}),
    } as ApiPropertyOptions,
    IsIn([...options.values], { message: `must be one of: ${options.values.join(', ')}` }),
  );

/** A list of distinct words of a fixed set; in a query they may come as `a,b`. */
export const EnumListField = (
  options: FieldOptions & { values: readonly string[]; max?: number; min?: number },
): PropertyDecorator =>
  field(
    options,
    {
      type: 'array',
      items: { type: 'string', enum: [...options.values] },
      maxItems: options.max ?? options.values.length,
      minItems: options.min ?? 0,
      uniqueItems: true,
    },
    Converted((value) => (typeof value === 'string' ? value.split(',') : value)),
    IsArray({ message: 'must be a list' }),
    ArrayMinSize(options.min ?? 0, { message: `must have at least ${options.min ?? 0} entries` }),
    ArrayMaxSize(options.max ?? options.values.length, { message: 'has too many entries' }),
    IsIn([...options.values], { each: true, message: `each must be one of: ${options.values.join(', ')}` }),
    Check(
      'distinct',
      'must not repeat an entry',
      (value) => !Array.isArray(value) || new Set(value).size === value.length,
    ),
  );

export const StringListField = (
  options: FieldOptions & { max: number; maxLength: number; pattern?: RegExp },
): PropertyDecorator =>
  field(
    options,
    {
      type: 'array',
      items: {
        type: 'string',
        maxLength: options.maxLength,
        ...(options.pattern ? { pattern: options.pattern.source } : {}),
      },
      maxItems: options.max,
    },
    Converted((value) => (typeof value === 'string' ? value.split(',') : value)),
    IsArray({ message: 'must be a list' }),
    ArrayMaxSize(options.max, { message: `must have at most ${options.max} entries` }),
    Check(
      'plainTexts',
      `each must be text of at most ${options.maxLength} characters`,
      (value) =>
        Array.isArray(value) &&
        value.every(
          (text) =>
            typeof text === 'string' &&
            text.length <= options.maxLength &&
            isPlainText(text) &&
            (!options.pattern || options.pattern.test(text)),
        ),
    ),
  );

export const IdField = (options: FieldOptions): PropertyDecorator =>
  field(
    options,
    { type: 'string', format: 'uuid' },
    Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { message: 'must be an identifier (lower-case UUID)' }),
  );

export const DateField = (options: FieldOptions): PropertyDecorator =>
  field(
    options,
    { type: 'string', format: 'date' },
    Check('date', 'must be a date that exists, as YYYY-MM-DD', isCalendarDate),
  );

/** ISO 8601 with offset or Z. */
export const InstantField = (options: FieldOptions): PropertyDecorator =>
  field(
    options,
    { type: 'string', format: 'date-time' },
    Check(
      'instant',
      'must be an instant as 2026-01-31T10:00:00Z',
      (value) =>
        typeof value === 'string' &&
        /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$/.test(value) &&
        !Number.isNaN(Date.parse(value)),
    ),
    IsISO8601({}, { message: 'must be an instant as 2026-01-31T10:00:00Z' }),
  );

/** An exact decimal as text, such as a rate in percent a year. */
export const DecimalField = (
  options: FieldOptions & { min?: number; max: number; decimals: number },
): PropertyDecorator =>
  field(
    options,
    { type: 'string', pattern: decimalPattern(options).source },
    Check(
      'decimal',
      `must be a decimal as text, from ${options.min ?? 0} to ${options.max} with at most ${options.decimals} decimals`,
      (value) =>
        typeof value === 'string' &&
        decimalPattern(options).test(value) &&
        Number(value) >= (options.min ?? 0) &&
        Number(value) <= options.max,
    ),
  );

function decimalPattern({ min = 0, decimals }: { min?: number; decimals: number }): RegExp {
  return new RegExp(`^${min < 0 ? '-?' : ''}\\d{1,12}(\\.\\d{1,${decimals}})?$`);
}

export class MoneyBody {
  @ApiProperty({
    type: 'string',
    description: 'Decimal string with at most the digits of the currency.',
    example: '250000.00',
    pattern: '^\\d{1,15}(\\.\\d{1,4})?$',
  })
  @IsString({ message: 'must be a decimal as text' })
  amount!: string;

  @ApiProperty({ type: 'string', description: 'ISO 4217 code.', example: 'SAR', pattern: '^[A-Z]{3}$' })
  @Check('currency', 'must be a three-letter currency code', isCurrencyCode)
  currency!: string;
}

/** Money that is not negative. */
export const MoneyField = (options: FieldOptions): PropertyDecorator =>
  field(
    options,
    { type: () => MoneyBody } as ApiPropertyOptions,
    IsObject({ message: 'must be an object with amount and currency' }),
    ValidateNested(),
    OfClass(() => MoneyBody),
    Check(
      'money',
      'must be money as {"amount":"1234.50","currency":"SAR"}, not negative, with no more decimals than the currency has',
      isMoney,
    ),
  );

function isMoney(value: unknown): boolean {
  try {
    const { amount, currency } = value as MoneyBody;
    return parseMoney(amount, currency).minor >= 0n;
  } catch {
    return false;
  }
}

/** An object of any shape that is only passed on; `maxBytes` counts its JSON text. */
export const JsonObjectField = (options: FieldOptions & { maxBytes: number }): PropertyDecorator =>
  field(
    options,
    { type: 'object', additionalProperties: true } as ApiPropertyOptions,
    IsObject({ message: 'must be an object' }),
    Check(
      'size',
      `must have at most ${options.maxBytes} bytes`,
      (value) => Buffer.byteLength(JSON.stringify(value ?? null)) <= options.maxBytes,
    ),
  );

export const NestedField = (options: FieldOptions & { type: () => new () => object }): PropertyDecorator =>
  field(
    options,
    { type: options.type } as ApiPropertyOptions,
    IsObject({ message: 'must be an object' }),
    ValidateNested(),
    OfClass(options.type),
  );

export const NestedListField = (
  options: FieldOptions & { type: () => new () => object; min?: number; max: number },
): PropertyDecorator =>
  field(
    options,
    { type: options.type, isArray: true, minItems: options.min ?? 0, maxItems: options.max } as ApiPropertyOptions,
    IsArray({ message: 'must be a list' }),
    ArrayMinSize(options.min ?? 0, { message: `must have at least ${options.min ?? 0} entries` }),
    ArrayMaxSize(options.max, { message: `must have at most ${options.max} entries` }),
    Check(
      'objects',
      'each must be an object',
      (value) =>
        Array.isArray(value) &&
        value.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item)),
    ),
    ValidateNested({ each: true }),
    OfClass(options.type),
  );
