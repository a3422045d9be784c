import { directionOf, escapeHtml, type PrintedLanguage } from '#platform';

/** The languages of the pages that the api serves itself, each by its own name. */
const names: Readonly<Record<PrintedLanguage, string>> = { en: 'English', ar: 'العربية', zh: '中文' };

const isLanguage = (word: string): word is PrintedLanguage => Object.hasOwn(names, word);

/** The language asked for by `?lang=`, else the first of the browser's that there is, else English. */
export function pageLanguage(asked: unknown, acceptLanguage: string | undefined): PrintedLanguage {
  const wanted = [typeof asked === 'string' ? asked : '', ...(acceptLanguage ?? '').split(',')].map((tag) =>
    tag.trim().slice(0, 2).toLowerCase(),
  );
  return wanted.find(isLanguage) ?? 'en';
}

/** A page of the api's own in one language, with a way to the others. `main` is HTML; nothing but `script` runs on it. */
export function webPage(page: {
  readonly language: PrintedLanguage;
  readonly title: string;
  readonly main: string;
  readonly script: string;
}): string {
  const { language, title, main, script } = page;
  const others = Object.entries(names)
    .filter(([code]) => code !== language)
    .map(([code, name]) => `<a href="?lang=${code}" hreflang="${code}" lang="${code}">${name}</a>`)
    .join(' · ');
  return `<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>
body { font: 16px/1.5 system-ui, 'Noto Sans Arabic', 'Noto Sans CJK SC', sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; background: #fff; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: start; padding: .4rem .6rem; border-bottom: 1px solid #ccd2d9; vertical-align: top; }
button, input { font: inherit; padding: .3rem .8rem; } td button { white-space: nowrap; } .wide { overflow-x: auto; } nav { text-align: end; }
form { max-width: 30rem; } form label, form input, form button { display: block; width: 100%; box-sizing: border-box; margin: .4rem 0; }
code { white-space: nowrap; } td:nth-child(4) code { white-space: normal; }
@media (prefers-color-scheme: dark) { body { background: #14171a; color: #e8eaed; } a { color: #8ab4f8; } }
</style>
</head>
<body>
<nav>${others}</nav>
<main>
${main}
</main>
<script src="${script}"></script>
</body>
</html>
`;
}
