/** Where the registry's records stand on the ledger. Items stand under their GS1 path (`gs1/item-key.ts`). */
import type { OrganisationId } from './organisation.js';

export const organisationKey = (id: OrganisationId): string => `organisation/${id}`;

/** @param digest SHA-256 of the name's skeleton, in hex */
export const organisationNameKey = (digest: string): string => `organisation-name/${digest}`;

export const prefixKey = (prefix: string): string => `company-prefix/${prefix}`;

export const organisationKeyKey = (id: OrganisationId, keyId: string): string => `organisation-key/${id}/${keyId}`;
