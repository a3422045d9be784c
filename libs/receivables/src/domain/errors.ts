import { defineErrors } from '#kernel';

export const receivableError = defineErrors({
  certificate_moved: {
    kind: 'conflict',
    title: 'The certificate is not whole in the hands of the seller any more.',
    next: 'After a part was passed on or sold, a credit note is settled between seller and anchor; it changes no certificate.',
  },
});
