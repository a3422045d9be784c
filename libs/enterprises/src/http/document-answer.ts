import { StreamableFile } from '@nestjs/common';
import { httpError } from '#platform';
import type { DocumentContent } from '../application/documents.js';

/** A document as a download: never shown inside the portal's own pages, whatever is in it. */
export function download({ name, mediaType, content }: DocumentContent): StreamableFile {
  return new StreamableFile(content, {
    type: mediaType,
    length: content.length,
    disposition: `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
  });
}

/** A fiscal year in a path; anything else is a record that does not exist. */
export function fiscalYear(value: string): number {
  const year = /^\d{4}$/.test(value) ? Number(value) : 0;
  if (year < 1990 || year > 2199)
    throw httpError('record_unknown', {
      fields: [{ pointer: '/path/year', rule: 'year', message: 'must be a year from 1990 to 2199' }],
    });
  return year;
}
