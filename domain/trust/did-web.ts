/** `did:web` in one strict spelling (did:web Method Specification), so that the host that is shown is the host that is asked. */
import { Problem, require } from '../errors.js';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Browsers read a host whose last label is a number, `0x…` among them, as an IPv4 address. */
const LAST_LABEL = /^[a-z]/;
const PORT = /^[1-9][0-9]{0,4}$/;
const SEGMENT = /^[a-z0-9._-]{1,63}$/;
const LONGEST_HOST = 253;
const MOST_SEGMENTS = 8;

/**
 * Checks what follows `did:web:`, e.g. `dai-hoc.example%3A8443:vp`: lower-case labels of letters, digits and hyphens, a
 * port behind `%3A`, path segments of `a-z 0-9 . _ -`. No other percent sign, no IP address, not the usual port.
 *
 * @throws Problem DID_MALFORMED
 */
export function checkDidWeb(identifier: string, did: string): void {
  const [authority = '', ...segments] = identifier.split(':');
  const [host = '', port, ...more] = authority.split('%3A');
  const right = isHost(host) && (port === undefined || isPort(port)) && more.length === 0 && segments.length <= MOST_SEGMENTS && segments.every(isSegment);
  require(right, 'DID_MALFORMED', { did: did.slice(0, 80) });
}

function isHost(host: string): boolean {
  const labels = host.split('.');
  return host.length <= LONGEST_HOST && labels.every((label) => LABEL.test(label)) && LAST_LABEL.test(labels.at(-1) ?? '');
}

/** 443 is left out: with it, one place would have two names. */
function isPort(port: string): boolean {
  return PORT.test(port) && Number(port) <= 65_535 && port !== '443';
}

function isSegment(segment: string): boolean {
  return SEGMENT.test(segment) && segment !== '.' && segment !== '..';
}

/**
 * Where the document of a `did:web` stands.
 *
 * @param did e.g. `did:web:dai-hoc.example%3A8443:vp`
 * @returns e.g. `https://dai-hoc.example:8443/vp/did.json`; without a path, under `/.well-known/`
 * @throws Problem DID_MALFORMED for other texts
 */
export function didWebUrl(did: string): string {
  if (!did.startsWith('did:web:')) throw new Problem('DID_MALFORMED', { did: did.slice(0, 80) });
  const identifier = did.slice('did:web:'.length);
  checkDidWeb(identifier, did);
  const [authority = '', ...segments] = identifier.split(':');
  const path = segments.length === 0 ? '.well-known' : segments.join('/');
  return `https://${authority.replace('%3A', ':')}/${path}/did.json`;
}
