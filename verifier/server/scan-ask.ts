/** How one client wants to hear the answer. */
import type { FastifyRequest } from 'fastify';
import { type LinkType, readLinkType } from './link-types.js';
import { type Format, formatFor, languageFor } from './negotiation.js';
import type { PageFrame } from './parts/document.js';
import { parameterOf, type RawUrl } from './raw-url.js';
import type { Site } from './site.js';

export interface ScanAsk extends PageFrame {
  readonly format: Format;
  /** `unknown` for a type that no link here has. */
  readonly linkType: LinkType | 'unknown' | undefined;
}

/** Query first, headers second; `linkType=linkset` is a format of its own. */
export function scanAsk(request: FastifyRequest, url: RawUrl, site: Site): ScanAsk {
  const { accept, 'accept-language': languages } = request.headers;
  const asked = parameterOf(url.query, 'linkType');
  const type = asked === undefined ? undefined : readLinkType(asked) ?? 'unknown';
  return {
    site, url,
    language: languageFor(parameterOf(url.query, 'lang'), languages),
    format: type === 'linkset' ? 'linkset' : formatFor(parameterOf(url.query, 'format'), accept),
    linkType: type === 'linkset' ? undefined : type,
  };
}
