import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Keeps the bytes of documents under their SHA-256, so that the same file is stored once and a changed one is noticed. */
export class DocumentStore {
  constructor(private readonly folder: string) {}

  /** Stores `content` durably and returns its checksum in hexadecimal. */
  async put(content: Buffer): Promise<string> {
    const checksum = createHash('sha256').update(content).digest('hex');
    const path = this.path(checksum);
    if (
      await stat(path).then(
        () => true,
        () => false,
      )
    )
      return checksum;
    await mkdir(dirname(path), { recursive: true });
    // Written beside and renamed: a crash leaves no half document under a right name.
    const draft = `${path}.${randomBytes(6).toString('hex')}`;
    const file = await open(draft, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
    return checksum;
  }

  /** Reads a document and checks that it is still the one that was stored. */
  async get(checksum: string): Promise<Buffer> {
    const content = await readFile(this.path(checksum));
    if (createHash('sha256').update(content).digest('hex') !== checksum)
      throw new Error(`document ${checksum} was changed on disk`);
    return content;
  }

  private path(checksum: string): string {
    if (!/^[0-9a-f]{64}$/.test(checksum)) throw new Error('not a checksum');
    return join(this.folder, 'documents', checksum.slice(0, 2), checksum);
  }
}
