import { printedHtml, type PrintedPage } from './printed-page.js';

const page = (changes: Partial<PrintedPage>): PrintedPage => ({
  language: 'en',
  issuer: 'Sanad',
  title: 'Statement',
  blocks: [],
  verification: { note: 'Look it up.' },
  ...changes,
});

/** Every text that a page can hold, the given one in each place. */
function everywhere(text: string): PrintedPage {
  const fact = { label: text, value: text };
  return page({
    issuer: text,
    title: text,
    subtitle: text,
    blocks: [
      { kind: 'text', heading: text, paragraphs: [text] },
      { kind: 'facts', heading: text, facts: [fact] },
      { kind: 'table', heading: text, columns: [{ label: text, figures: true }], rows: [[text]], total: [text] },
      { kind: 'signatures', heading: text, signatures: [{ role: text, name: text, signed: text }] },
    ],
    verification: { note: text, facts: [fact] },
  });
}

it('reads no text as HTML, wherever it stands', () => {
  const html = printedHtml([everywhere(`</title><script>alert("1")</script><img src='x' onerror=y>&`)]);
  expect(html).not.toMatch(/<script|<img|onerror=y>/);
  expect(html.split('&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)').length - 1).toBe(20);
  expect(html).toContain("default-src 'none'");
});

it('drops the signs that turn the direction of writing', () => {
  expect(printedHtml([everywhere('pay \u202e001\u202c now')])).toContain('pay 001 now');
});

it('writes each page in the direction of its language, a new sheet each', () => {
  const html = printedHtml([
    page({ language: 'ar', title: 'شهادة ضمان' }),
    page({ language: 'zh', title: '担保证书' }),
  ]);
  expect(html).toContain('<html lang="ar" dir="rtl">');
  expect(html).toMatch(/<article class="page" lang="ar" dir="rtl" [\s\S]*<article class="page" lang="zh" dir="ltr"/);
  expect(html).toContain('Noto Naskh Arabic');
});
