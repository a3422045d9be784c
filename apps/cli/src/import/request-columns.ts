import { oneOf, optional, type ReadShape, text, withDefault } from '#finance';
import { collateralKinds, productKinds } from '#kernel';
import { competitionModes } from '#marketplace';
import { amount, fileList, wholeNumber, wordList, yesNo } from './cells.js';

/** The columns of `sanad import requests`; docs/guide/import.md explains them. */
export const requestColumns = {
  reference: text({ max: 60 }),
  enterprise: text({ max: 30 }),
  product_kind: oneOf(productKinds),
  amount,
  currency: text({ max: 3 }),
  tenor_months: optional(wholeNumber(360)),
  purpose: optional(text({ max: 2000 })),
  anonymous_text: optional(text({ max: 2000 })),
  shariah_only: withDefault(yesNo, false),
  collateral: wordList(collateralKinds),
  mode: withDefault(oneOf(competitionModes), 'ranked'),
  documents: fileList,
  submit: withDefault(yesNo, false),
} as const;

export type RequestImportRow = ReadShape<typeof requestColumns>;
