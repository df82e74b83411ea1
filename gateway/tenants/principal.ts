/** Who calls the gateway. */
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { OrganisationType, Scope } from './scopes.js';

/** An API key taken for what it is: an organisation, and what the key may be used for. */
export interface Principal {
  /** The public part of the key, e.g. `7QK2M9ZD4XWA`. */
  readonly keyId: string;
  readonly organisation: OrganisationId;
  readonly type: OrganisationType;
  readonly scopes: ReadonlySet<Scope>;
}
