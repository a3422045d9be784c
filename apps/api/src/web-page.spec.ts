import { demoLogins } from '../../../config/demonstration.js';
import { homePage } from './home-page.js';
import { passwordPage } from './password-page.js';
import { pageLanguage } from './web-page.js';

it.each([
  ['zh', 'ar', 'zh'],
  [undefined, 'fr-FR,ar-SA;q=0.8,en;q=0.5', 'ar'],
  [undefined, 'zh-Hans-CN', 'zh'],
  ['fr', undefined, 'en'],
  [['ar', 'zh'], 'constructor, __proto__', 'en'],
])('asked for %j by a browser with %j, the page is in %s', (asked, accepted, language) => {
  expect(pageLanguage(asked, accepted)).toBe(language);
});

it('is written in its own direction and leads to the other languages', () => {
  const page = passwordPage('ar');
  expect(page).toContain('<html lang="ar" dir="rtl">');
  expect(page.match(/hreflang="(\w+)"/g)).toEqual(['hreflang="en"', 'hreflang="zh"']);
});

it('has a button for each demonstration person in every language, and none in a live market', () => {
  for (const language of ['en', 'ar', 'zh'] as const)
    expect(homePage(language, demoLogins).match(/<button/g)).toHaveLength(demoLogins.length);
  expect(homePage('zh', [])).not.toContain('<button');
});

it('keeps routes from left to right in a page from right to left', () => {
  expect(homePage('ar', demoLogins)).toContain('<bdi dir="ltr"><code>GET /v1/receivables?state=submitted</code></bdi>');
});
