/** Headers that every answer carries, whatever it says. */
import type { FastifyReply } from 'fastify';
import type { Site } from './site.js';
import { STYLES_SOURCE } from './styles.js';

const POLICY = [
  "default-src 'none'",
  `style-src ${STYLES_SOURCE}`,
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** Anybody's page may read what this site says: it says the same to everybody and knows nobody. */
const CROSS_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, HEAD, OPTIONS',
  'access-control-allow-headers': 'Accept, Accept-Language',
  'access-control-expose-headers': 'Link, Location',
};

const PROTECTION = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(self), geolocation=(), microphone=(), payment=()',
};

/** A year, as browsers' preload lists ask for. */
const ONLY_HTTPS = 'max-age=31536000; includeSubDomains';

export const CACHE = {
  /** A recall must show within minutes. */
  status: 'public, max-age=30',
  /** Named by a hash: it can never change. */
  forever: 'public, max-age=31536000, immutable',
  page: 'public, max-age=3600',
  never: 'no-store',
} as const;

export function commonHeaders({ origin }: Site): Readonly<Record<string, string>> {
  return { ...CROSS_ORIGIN, ...PROTECTION, ...(origin.startsWith('https:') ? { 'strict-transport-security': ONLY_HTTPS } : {}) };
}

/** What a client would like changes what it gets. */
export function varies(reply: FastifyReply): FastifyReply {
  return reply.header('vary', 'Accept, Accept-Language');
}
