import { Exact } from '#finance';
import type { ProfileInput } from '../application/save-profile.js';
import type { ProfileBody } from './requests.js';

/** The body as the use case takes it: shares in millionths. */
export function profileInput({ owners, ...rest }: ProfileBody): ProfileInput {
  return {
    ...rest,
    ...(owners
      ? {
          owners: owners.map(({ sharePercent, ...owner }) => ({
            ...owner,
            sharePpm: new Exact(sharePercent).times(10_000).toNumber(),
          })),
        }
      : {}),
  };
}
