/** Addresses and networks of the Internet Protocol, as far as requests are counted and proxies named by them. */

/** An address as numbers of 16 bits: two for IPv4, eight for IPv6. */
type Words = readonly number[];

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const GROUP = /^[0-9a-f]{1,4}$/i;
const IPV6_GROUPS = 8;

/**
 * @param text an address, or an address and the length of its network's prefix (RFC 4632, RFC 4291 2.3)
 * @returns e.g. true for `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`; false for names and for zones (`fe80::1%eth0`)
 */
export function isIpNetwork(text: string): boolean {
  const [address = '', bits, more] = text.split('/');
  const words = wordsOf(address);
  if (words === undefined || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= words.length * 16);
}

/**
 * Whom requests are counted for: an IPv4 address, or the first 64 bits of an IPv6 address, because a household or a
 * phone is given so many addresses (RFC 4291 2.5.4).
 *
 * @param address e.g. `2001:db8:1:2:3:4:5:6`, `::ffff:192.0.2.7`
 * @returns e.g. `2001:db8:1:2::/64`, `192.0.2.7`; what is no address is returned as it is
 */
export function sourceOf(address: string): string {
  const words = wordsOf(address);
  if (words?.length !== IPV6_GROUPS) return address;
  if (isMapped(words)) return words.slice(6).flatMap((word) => [word >> 8, word & 255]).join('.');
  return `${words.slice(0, 4).map((word) => word.toString(16)).join(':')}::/64`;
}

/** An IPv4 address as a socket for both kinds names it (RFC 4291 2.5.5.2). */
function isMapped(words: Words): boolean {
  return words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff;
}

function wordsOf(text: string): Words | undefined {
  if (IPV4.test(text)) return ipv4Words(text);
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return undefined;
  const [before, after] = [groupsOf(head, tail === undefined), tail === undefined ? [] : groupsOf(tail, true)];
  if (before === undefined || after === undefined) return undefined;
  const missing = IPV6_GROUPS - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...Array.from({ length: missing }, () => 0), ...after];
}

function ipv4Words(text: string): Words {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

/** @param isEnd whether the address ends here: only there the last 32 bits may be written as an IPv4 address */
function groupsOf(text: string, isEnd: boolean): Words | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const last = parts.at(-1) ?? '';
  const embedded = isEnd && IPV4.test(last) ? ipv4Words(last) : [];
  const groups = embedded.length === 0 ? parts : parts.slice(0, -1);
  return groups.every((part) => GROUP.test(part)) ? [...groups.map((part) => Number.parseInt(part, 16)), ...embedded] : undefined;
}
