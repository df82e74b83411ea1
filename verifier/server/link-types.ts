/** Link types of GS1's web vocabulary, in any of the three spellings that are about. */

/** What this site links to; each is answered by the page of the item. */
export const LINK_TYPES = ['defaultLink', 'defaultLinkMulti', 'pip', 'traceability', 'verificationService', 'recallStatus'] as const;

export type LinkType = (typeof LINK_TYPES)[number];

const SPELLING = /^(?:gs1:|https:\/\/ref\.gs1\.org\/voc\/|https?:\/\/(?:www\.)?gs1\.org\/voc\/)([A-Za-z]+)$/;

/** The relation as it stands in linksets, e.g. `https://ref.gs1.org/voc/pip`. */
export function relationOf(type: LinkType): string {
  return `https://ref.gs1.org/voc/${type}`;
}

/**
 * @param text value of the parameter `linkType`, e.g. `gs1:pip`
 * @returns `linkset` for the list of links (`all` is its deprecated name), `undefined` for a type not known here
 */
export function readLinkType(text: string): LinkType | 'linkset' | undefined {
  if (text === 'linkset' || text === 'all') return 'linkset';
  const name = SPELLING.exec(text)?.[1];
  return LINK_TYPES.find((type) => type === name);
}
