import { languageOf, render } from './render.js';
import type { Template } from './template.js';

const template: Template = {
  topic: 'review',
  en: { title: '{kind}', body: 'Due {due}, {count} of them.' },
  ar: { title: '{kind}', body: '{due} {count}' },
  zh: { title: '{kind}', body: '{due} {count}' },
};
const parameters = { kind: 'funding_request', due: '2026-01-31T14:00:00.000Z', count: 3 };

describe('a rendered notice', () => {
  it('shows instants in the portal’s time zone and the reader’s language, codes in words', () => {
    expect(render(template, 'en', parameters, 'Asia/Riyadh')).toEqual({
      title: 'funding request',
      body: expect.stringMatching(/^Due Saturday,? 31 January 2026 at 17:00, 3 of them\.$/),
    });
    expect(render(template, 'ar', parameters, 'Asia/Riyadh')).toEqual({
      title: 'طلب تمويل',
      body: expect.stringMatching(/السبت.*31.*يناير.*2026.*5:00/),
    });
    expect(render(template, 'zh', parameters, 'Asia/Shanghai').body).toMatch(/2026年1月31日星期六.*22:00/);
  });

  it('never shows a hole', () => {
    expect(() => render(template, 'en', { kind: 'claim' }, 'UTC')).toThrow('no parameter "due"');
  });

  it('falls back to English for a language it does not know', () => {
    expect(['ar-SA', 'zh-Hant', 'fr', ''].map(languageOf)).toEqual(['ar', 'zh', 'en', 'en']);
  });
});
