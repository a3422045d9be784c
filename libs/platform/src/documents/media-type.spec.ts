import { sniffMediaType } from './media-type.js';

describe('what a file is', () => {
  it.each([
    ['application/pdf', Buffer.from('%PDF-1.7\n…')],
    ['image/png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['image/jpeg', Buffer.from('ffd8ffe000104a464946', 'hex')],
  ])('%s by its first bytes', (type, content) => {
    expect(sniffMediaType(content)).toBe(type);
  });

  it.each([
    ['a program', Buffer.from('7f454c46', 'hex')],
    ['a web page', Buffer.from('<html><script>')],
    ['a zip that is no workbook', Buffer.from('504b0304', 'hex')],
    ['nothing', Buffer.alloc(0)],
    ['a PDF that begins with something else', Buffer.from('MZ%PDF-1.7')],
  ])('refuses %s', (_what, content) => {
    expect(sniffMediaType(content)).toBeUndefined();
  });
});
