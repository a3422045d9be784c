import { DomainError } from '#kernel';
import { isPublicAddress, TargetGuard } from './target-guard.js';

const live = new TargetGuard(false);
const sandbox = new TargetGuard(true);

describe('where webhooks may go', () => {
  it.each([
    '10.1.2.3',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:db8::1',
    'ff02::1',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    'http://example.com/',
    'ftp://example.com/',
    'https://user:pass@example.com/',
    'https://10.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://localhost/',
    'not an address',
    'javascript:alert(1)',
  ])('refuses %s in a live portal', (url) => {
    expect(() => live.assertUrl(url)).toThrow(expect.objectContaining({ code: 'webhook_address_refused' }));
  });

  it('lets a sandbox call its own machine, and no other private address', () => {
    expect(sandbox.assertUrl('http://127.0.0.1:4000/hook').port).toBe('4000');
    expect(() => sandbox.assertUrl('http://192.168.0.1/')).toThrow(DomainError);
    expect(live.assertUrl('https://example.com/hook').hostname).toBe('example.com');
  });

  it('does not connect to a public name that leads to a private address', async () => {
    const found = await new Promise((resolve) =>
      live.lookup('localhost', { all: true }, (error, address) => resolve(error?.message ?? address)),
    );
    expect(found).toBe('localhost leads to no public address');
  });
});
