import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { noticesError } from '../domain/errors.js';

/** Addresses that belong to no public host (IANA special-purpose registries). A webhook must not reach into our own network. */
const special = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  special.addSubnet(net, prefix, 'ipv4');
/** Of IPv6 only global unicast (2000::/3) is public; out of it, the ranges that lead elsewhere. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(net, prefix, 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** True for an address that anybody on the internet could reach as well. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  return family === 6 && globalUnicast.check(address, 'ipv6') && !special.check(address, 'ipv6');
}

export function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** Says where webhooks may go. */
export class TargetGuard {
  constructor(private readonly loopbackAllowed: boolean) {}

  /** Refuses an address by its form: https to a public host, or loopback in the sandbox. */
  assertUrl(text: string): URL {
    const refuse = (message: string) =>
      noticesError('webhook_address_refused', { fields: [{ pointer: '/url', rule: 'address', message }] });
    if (!URL.canParse(text)) throw refuse('must be a full address such as https://example.com/hooks');
    const url = new URL(text);
    if (url.username || url.password) throw refuse('must hold no user name or password');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const local = isLoopback(host) || host === 'localhost';
    if (local) {
      if (!this.loopbackAllowed || !/^https?:$/.test(url.protocol)) throw refuse('loopback works in the sandbox only');
      return url;
    }
    if (url.protocol !== 'https:') throw refuse('must begin with https://');
    if (isIP(host) !== 0 && !isPublicAddress(host)) throw refuse('must be a public address');
    return url;
  }

  mayConnect(address: string): boolean {
    return isPublicAddress(address) || (this.loopbackAllowed && isLoopback(address));
  }

  /**
   * The name look-up of a connection: it answers only addresses that may be reached, and the connection uses that
   * very answer, so that a name cannot point elsewhere between the check and the call.
   */
  readonly lookup = (
    hostname: string,
    options: LookupOptions,
    done: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
  ): void => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const allowed = (found ?? []).filter(({ address }) => this.mayConnect(address));
      const first = allowed[0];
      if (error) done(error, '');
      else if (!first) done(new Error(`${hostname} leads to no public address`), '');
      else if (options.all) done(null, allowed);
      else done(null, first.address, first.family);
    });
  };
}
