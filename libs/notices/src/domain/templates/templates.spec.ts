import { languages, topics } from '../template.js';
import { placeholders } from '../render.js';
import { words } from '../words.js';
import { templates } from './index.js';

describe.each(Object.entries(templates))('the message %s', (_name, template) => {
  it('is written in every language, of a known topic', () => {
    expect(Object.keys(topics)).toContain(template.topic);
    for (const language of languages) {
      expect(template[language].title.trim()).not.toBe('');
      expect(template[language].body.trim()).not.toBe('');
    }
    expect(template.ar.title).toMatch(/\p{Script=Arabic}/u);
    expect(template.zh.title).toMatch(/\p{Script=Han}/u);
  });

  it('has the same placeholders in every language, and none that is not filled the same way', () => {
    const expected = [...placeholders(template.en)].sort();
    for (const language of languages) {
      expect([...placeholders(template[language])].sort()).toEqual(expected);
      const stray = `${template[language].title}${template[language].body}`.replaceAll(/\{\w+\}/g, '');
      expect(stray).not.toMatch(/[{}]/);
    }
  });
});

it.each(Object.entries(words))('the word %s is written in every language', (_code, word) => {
  for (const language of languages) expect(word[language].trim()).not.toBe('');
});
