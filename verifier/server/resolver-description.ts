/** What this resolver does and does not do, for machines (GS1-Conformant resolver standard, description file). */
import { LINK_TYPES } from './link-types.js';
import type { Site } from './site.js';

/** Where the meaning of a linkset's members stands. */
export const CONTEXT_PATH = '/linkset-context.jsonld';

/** Only keys of which the register can hold something; every other key is answered, with "nothing here". */
const KEPT_KEYS = ['00', '01'];

export function resolverDescription({ origin, operator }: Site): object {
  return {
    name: 'Minh Chứng',
    resolverRoot: origin,
    supportedPrimaryKeys: KEPT_KEYS,
    supportedLinkType: [{ namespace: 'https://ref.gs1.org/voc/', prefix: 'gs1:', profile: 'https://ref.gs1.org/voc/' }],
    activeLinkTypes: {
      en: Object.fromEntries(LINK_TYPES.map((type) => [`gs1:${type}`, { title: type, url: `https://ref.gs1.org/voc/${type}` }])),
    },
    linkTypeDefaultCanBeLinkset: false,
    supportsSemanticInterpretation: false,
    supportsLanguageVariants: true,
    validatesAIcombinations: true,
    jsonLdContextLocation: origin + CONTEXT_PATH,
    contact: { fn: operator.name },
  };
}

/** The JSON-LD context by which a linkset is read as RDF (RFC 9264 appendix A, GS1's members added). */
export const LINKSET_CONTEXT = {
  '@context': {
    '@vocab': 'http://www.iana.org/assignments/relation/',
    anchor: '@id',
    href: '@id',
    linkset: '@graph',
    gs1: 'https://ref.gs1.org/voc/',
    title: 'http://purl.org/dc/terms/title',
    type: 'http://purl.org/dc/terms/format',
    hreflang: { '@id': 'http://purl.org/dc/terms/language', '@container': '@set' },
    itemDescription: 'http://www.w3.org/2000/01/rdf-schema#comment',
  },
};
