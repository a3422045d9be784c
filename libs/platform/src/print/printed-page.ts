/** Languages that pages are printed in. */
export type PrintedLanguage = 'en' | 'ar' | 'zh';

/** One line of a table of facts: what it is, and its value. */
export interface PrintedFact {
  readonly label: string;
  readonly value: string;
}

export interface PrintedColumn {
  readonly label: string;
  /** Figures stand under each other at their last digit and are never broken. */
  readonly figures?: boolean;
}

/** The parts a page is made of, in the order given. Every text is plain text; nothing in it is read as HTML. */
export type PrintedBlock =
  | { readonly kind: 'text'; readonly heading?: string; readonly paragraphs: readonly string[] }
  | { readonly kind: 'facts'; readonly heading?: string; readonly facts: readonly PrintedFact[] }
  | {
      readonly kind: 'table';
      readonly heading?: string;
      readonly columns: readonly PrintedColumn[];
      readonly rows: readonly (readonly string[])[];
      /** A last row that sums up, set apart. */
      readonly total?: readonly string[];
    }
  | { readonly kind: 'signatures'; readonly heading?: string; readonly signatures: readonly PrintedSignature[] };

export interface PrintedSignature {
  /** In what role, such as "for the guarantor". */
  readonly role: string;
  readonly name: string;
  /** When and how it was signed; an empty line to sign by hand when left out. */
  readonly signed?: string;
}

/** One document of this market as it looks on paper. */
export interface PrintedPage {
  readonly language: PrintedLanguage;
  /** Who issues it, above the title. */
  readonly issuer: string;
  readonly title: string;
  readonly subtitle?: string;
  readonly blocks: readonly PrintedBlock[];
  /** At its end: how a reader checks that it is genuine, such as the number and the address to look it up. */
  readonly verification: { readonly note: string; readonly facts?: readonly PrintedFact[] };
}

/** Nothing may be loaded or run by a printed page: not even by a text that found a way around the escaping. */
export const printedPagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** Fonts of the system, those with Arabic and Chinese letters among them; each page puts those of its own language first. */
const fonts: Readonly<Record<PrintedLanguage, string>> = {
  en: "'Noto Sans', 'DejaVu Sans', 'Noto Sans Arabic', 'Noto Sans CJK SC', 'PingFang SC', sans-serif",
  ar: "'Noto Naskh Arabic', 'Noto Sans Arabic', 'Geeza Pro', 'Noto Sans', 'Noto Sans CJK SC', sans-serif",
  zh: "'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Zen Hei', 'Noto Sans', 'Noto Sans Arabic', sans-serif",
};

const style = `@page { size: A4; margin: 18mm 16mm; }
body { font-size: 10.5pt; line-height: 1.45; color: #1b1f24; background: #fff; margin: 0 auto; max-width: 178mm; }
.page + .page { break-before: page; }
header { border-bottom: 2px solid #1b1f24; margin-bottom: 6mm; padding-bottom: 3mm; }
header p { margin: 0; } h1 { font-size: 18pt; margin: 1mm 0; } h2 { font-size: 12pt; margin: 6mm 0 2mm; break-after: avoid; }
table { border-collapse: collapse; width: 100%; } thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { text-align: start; padding: 1.2mm 2mm; border-bottom: 1px solid #ccd2d9; vertical-align: top; overflow-wrap: anywhere; }
.facts th { width: 38%; font-weight: 600; } .figures { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
tfoot td { font-weight: 600; border-top: 2px solid #1b1f24; }
.signatures { display: flex; flex-wrap: wrap; gap: 8mm; break-inside: avoid; } .signatures div { flex: 1 1 60mm; }
.line { border-bottom: 1px solid #1b1f24; min-height: 12mm; }
footer { margin-top: 8mm; padding-top: 3mm; border-top: 1px solid #1b1f24; font-size: 9pt; break-inside: avoid; }`;

const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters have no place on paper, and those that turn the direction of writing could make a page lie. */
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

export function escapeHtml(text: string): string {
  return text.replace(unprintable, '').replace(/[&<>"']/g, (sign) => replacements[sign] as string);
}

/** A text in whatever direction its own letters have: a name in Arabic in an English page, an IBAN in an Arabic one. */
const isolated = (text: string): string => `<bdi>${escapeHtml(text)}</bdi>`;

const heading = (text: string | undefined): string => (text === undefined ? '' : `<h2>${escapeHtml(text)}</h2>\n`);

function factTable(facts: readonly PrintedFact[]): string {
  const rows = facts.map(
    ({ label, value }) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${isolated(value)}</td></tr>`,
  );
  return `<table class="facts"><tbody>\n${rows.join('\n')}\n</tbody></table>`;
}

function dataTable({ columns, rows, total }: Extract<PrintedBlock, { kind: 'table' }>): string {
  const kind = (index: number) => (columns[index]?.figures ? ' class="figures"' : '');
  const head = columns.map(({ label }, index) => `<th scope="col"${kind(index)}>${escapeHtml(label)}</th>`).join('');
  const line = (cells: readonly string[]) =>
    `<tr>${columns.map((_, index) => `<td${kind(index)}>${isolated(cells[index] ?? '')}</td>`).join('')}</tr>`;
  const foot = total ? `\n<tfoot>${line(total)}</tfoot>` : '';
  return `<table><thead><tr>${head}</tr></thead>${foot}\n<tbody>\n${rows.map(line).join('\n')}\n</tbody></table>`;
}

function bodyOf(block: PrintedBlock): string {
  switch (block.kind) {
    case 'text':
      return block.paragraphs.map((text) => `<p dir="auto">${escapeHtml(text)}</p>`).join('\n');
    case 'facts':
      return factTable(block.facts);
    case 'table':
      return dataTable(block);
    case 'signatures':
      return `<div class="signatures">${block.signatures
        .map(
          ({ role, name, signed }) =>
            `<div><p>${escapeHtml(role)}</p><div class="line">${signed === undefined ? '' : isolated(signed)}</div><p>${isolated(name)}</p></div>`,
        )
        .join('')}</div>`;
  }
}

function sectionOf({ language, issuer, title, subtitle, blocks, verification }: PrintedPage): string {
  const attributes = `class="page" lang="${language}" dir="${directionOf(language)}" style="font-family: ${fonts[language].replaceAll("'", '&#39;')}"`;
  const facts = verification.facts?.length ? `\n${factTable(verification.facts)}` : '';
  return `<article ${attributes}>
<header><p>${isolated(issuer)}</p><h1>${escapeHtml(title)}</h1>${subtitle === undefined ? '' : `<p>${isolated(subtitle)}</p>`}</header>
${blocks.map((block) => `<section>${heading(block.heading)}${bodyOf(block)}</section>`).join('\n')}
<footer><p>${escapeHtml(verification.note)}</p>${facts}</footer>
</article>`;
}

export const directionOf = (language: PrintedLanguage): 'rtl' | 'ltr' => (language === 'ar' ? 'rtl' : 'ltr');

/**
 * One HTML document of these pages, each beginning on a new sheet; complete in itself, so that it prints alike from a browser.
 * All documents of this market are built here, so that they look the same.
 */
export function printedHtml(pages: readonly [PrintedPage, ...PrintedPage[]]): string {
  const [first] = pages;
  return `<!doctype html>
<html lang="${first.language}" dir="${directionOf(first.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${printedPagePolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(first.title)}</title>
<style>
${style}
</style>
</head>
<body>
${pages.map(sectionOf).join('\n')}
</body>
</html>
`;
}
