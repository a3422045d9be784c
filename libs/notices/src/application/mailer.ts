import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { Environment } from '#platform';
import type { Language } from '../domain/template.js';

export interface Letter {
  readonly id: string;
  readonly address: string;
  readonly language: Language;
  readonly subject: string;
  readonly body: string;
  readonly link: string | null;
}

const limitMs = 20_000;

/**
 * Sends letters by the mail server, or, where none is configured, leaves them as .eml files below `outbox`, which any
 * mail program opens. A letter has the same Message-ID at every attempt.
 */
export class Mailer {
  private readonly send: (message: SendMailOptions, id: string) => Promise<void>;

  constructor(private readonly environment: Environment) {
    const { smtpUrl, dataFolder } = environment;
    this.send = smtpUrl ? bySmtp(smtpUrl) : toFolder(join(dataFolder, 'outbox'));
  }

  async deliver(letter: Letter): Promise<void> {
    const { mailFrom, publicUrl } = this.environment;
    const link = letter.link === null ? null : new URL(letter.link, publicUrl).toString();
    const host = new URL(publicUrl).hostname;
    await this.send(
      {
        from: mailFrom,
        to: letter.address,
        subject: letter.subject,
        messageId: `<${letter.id}@${host}>`,
        text: link === null ? letter.body : `${letter.body}\n\n${link}\n`,
        html: page(letter, link),
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': letter.language },
      },
      letter.id,
    );
  }
}

function bySmtp(url: string): (message: SendMailOptions) => Promise<void> {
  const transport = createTransport({
    url,
    connectionTimeout: limitMs,
    greetingTimeout: limitMs,
    socketTimeout: limitMs,
  } as object);
  return async (message) => void (await transport.sendMail(message));
}

function toFolder(folder: string): (message: SendMailOptions, id: string) => Promise<void> {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
  return async (message, id) => {
    const { message: content } = (await transport.sendMail(message)) as unknown as { message: Buffer };
    await mkdir(folder, { recursive: true });
    const draft = join(folder, `.${id}`);
    const file = await open(draft, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, join(folder, `${id}.eml`));
  };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replaceAll(/[&<>"]/g, (sign) => entities[sign] as string);

/** Right to left where the language is; `dir="auto"` on the text keeps names in other scripts readable. */
function page({ language, subject, body }: Letter, link: string | null): string {
  const direction = language === 'ar' ? 'rtl' : 'ltr';
  const anchor = link === null ? '' : `<p><a href="${escaped(link)}">${escaped(link)}</a></p>`;
  return `<!doctype html><html lang="${language}" dir="${direction}"><meta charset="utf-8"><title>${escaped(subject)}</title>
<body style="font-family:sans-serif"><h1 style="font-size:1.2em">${escaped(subject)}</h1>
<p dir="auto" style="white-space:pre-line">${escaped(body)}</p>${anchor}</body></html>`;
}
