import { defineErrors } from '#kernel';

export const functionError = defineErrors({
  function_no_value: {
    kind: 'invalid',
    title: 'The function has no value for these arguments.',
    next: 'Change the argument named; a spreadsheet would show #NUM! or #DIV/0! here.',
  },
});

/** Refuses arguments that are well formed but give the function no value. */
export function noValue(argument: number, why: string): never {
  const pointer = `/args/${argument}`;
  throw functionError('function_no_value', {
    detail: `${why}.`,
    fields: [{ pointer, rule: 'value', message: why }],
  });
}
