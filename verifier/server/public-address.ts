/** Which addresses of the Internet Protocol lead out to everybody, and nowhere inside. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An IPv4 address behind two colons alone (RFC 4291 2.5.5.1), which the package takes for a mapped one. */
const COMPATIBLE = /^::\d+\./;

/**
 * True for a global unicast address in one of its usual spellings: neither private, loopback, link-local, shared
 * (RFC 6598), reserved, nor an IPv6 address that carries an IPv4 one (RFC 4291 2.5.5, RFC 6052, RFC 3056, RFC 4380,
 * RFC 5214).
 *
 * @param text e.g. `93.184.216.34`, `2606:4700::1111`
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0 || text.includes('%') || COMPATIBLE.test(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || isGlobal(address);
}

/** IANA gives out 2000::/3 alone; what the package calls unicast beyond it is old or nobody's. */
function isGlobal({ parts }: ipaddr.IPv6): boolean {
  const isIsatap = ((parts[4] ?? 0) & 0xfdff) === 0 && parts[5] === 0x5efe;
  return ((parts[0] ?? 0) & 0xe000) === 0x2000 && !isIsatap;
}

/** The address that stands in a URL's host itself, without brackets; `undefined` for a name. */
export function literalAddress(hostname: string): string | undefined {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? undefined : bare;
}
