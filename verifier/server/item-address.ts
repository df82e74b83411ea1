import { canonicalDigitalLink, CANONICAL_STEM } from '#domain/gs1/digital-link.js';
import type { LinkContent } from '../core/goods/scanned-item.js';

/** Path and query in the one form that GS1 compares; a compressed link is spelt out. */
export function addressOf(link: LinkContent): string {
  return canonicalDigitalLink({ domain: '', stem: '', otherQuery: [], ...link }).slice(CANONICAL_STEM.length);
}
