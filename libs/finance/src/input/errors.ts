import { defineErrors, type FieldError } from '#kernel';

export const inputError = defineErrors({
  calculator_input_invalid: {
    kind: 'invalid',
    title: 'The input of the calculator cannot be read.',
    next: 'Change the fields named; the guide lists what each calculator takes.',
  },
});

/** One refusal that names every field at fault. */
export function invalidInput(fields: readonly FieldError[]) {
  const first = fields[0];
  return inputError('calculator_input_invalid', {
    fields,
    ...(first && { detail: `${first.pointer === '' ? 'input' : first.pointer}: ${first.message}` }),
  });
}

/** Refuses one field for a reason that only shows across fields, such as a payment before the start. */
export function refuseField(pointer: string, rule: string, message: string): never {
  throw invalidInput([{ pointer, rule, message }]);
}
