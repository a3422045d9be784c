import { type ArgumentMetadata, type PipeTransform, ValidationPipe } from '@nestjs/common';
import * as classTransformer from 'class-transformer';
import * as classValidator from 'class-validator';
import type { FieldError } from '#kernel';
import { httpError } from './problem.js';
import { readQuickly } from './quick-input.js';

/** Turns class-validator's tree into a flat list with JSON pointers. */
export function fieldErrors(errors: readonly classValidator.ValidationError[], parent = ''): FieldError[] {
  return errors.flatMap((error) => {
    const pointer = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 80)}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      pointer,
      rule: rule === 'whitelistValidation' ? 'unknown_field' : rule,
      message:
        rule === 'whitelistValidation' ? 'This field is not known here; check its spelling.' : message.slice(0, 300),
    }));
    return [...own, ...fieldErrors(error.children ?? [], pointer)];
  });
}

/** Reads what is right in one pass, and leaves what is wrong to the library, which explains it. */
class InputPipe implements PipeTransform {
  constructor(private readonly explaining: PipeTransform<unknown, unknown>) {}

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    // What a decorator of our own found, such as the caller, is no input.
    if (metadata.type === 'custom') return value;
    const read = metadata.metatype && readQuickly(metadata.metatype as new () => object, value);
    return read ?? this.explaining.transform(value, metadata);
  }
}

/** Checks bodies and queries against their classes; unknown fields are refused. */
export function validationPipe(): PipeTransform {
  return new InputPipe(explainingPipe());
}

function explainingPipe(): PipeTransform {
  return new ValidationPipe({
    // Given, not looked up while running: what checks the input is part of the program.
    validatorPackage: classValidator,
    transformerPackage: classTransformer,
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => {
      const fields = fieldErrors(errors);
      const first = fields[0];
      return httpError('input_invalid', {
        fields,
        ...(first ? { detail: `${first.pointer}: ${first.message}` } : {}),
      });
    },
  });
}
