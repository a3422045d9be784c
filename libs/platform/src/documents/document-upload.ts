import { documentMediaTypes, maxDocumentBytes, maxTableBytes, tableMediaTypes } from './media-type.js';

/** The part of a Fastify instance that {@link acceptDocuments} needs. */
interface ParserHost {
  addContentTypeParser(
    types: string[],
    options: { readonly parseAs: 'buffer'; readonly bodyLimit: number },
    parser: (request: unknown, body: Buffer, done: (error: Error | null, body?: Buffer) => void) => void,
  ): unknown;
}

/**
 * Documents are uploaded as they are: the file's bytes are the body and its kind the Content-Type, with a limit of
 * their own, far above that of JSON. A route reads them with `@Body() content: Buffer`.
 */
export function acceptDocuments(host: ParserHost): void {
  host.addContentTypeParser(
    [...documentMediaTypes],
    { parseAs: 'buffer', bodyLimit: maxDocumentBytes },
    (_request, body, done) => done(null, body),
  );
  host.addContentTypeParser(
    [...tableMediaTypes],
    { parseAs: 'buffer', bodyLimit: maxTableBytes },
    (_request, body, done) => done(null, body),
  );
}
