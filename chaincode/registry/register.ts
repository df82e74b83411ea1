/** Organisations, GS1 company prefixes and keys come onto the register. */
import { prefixesCollide, parseCompanyPrefix } from '#domain/gs1/company-prefix.js';
import { Problem, require } from '#domain/errors.js';
import { organisationKey, organisationKeyKey, organisationNameKey, prefixKey } from '#domain/registry/keys.js';
import { keyRequest, keyRetirement, organisationId, organisationRequest, type KeyRecord, type OrganisationRequest, type PrefixRecord } from '#domain/registry/organisation.js';
import { checkNameCharacters, nameSkeleton } from '#domain/registry/organisation-name.js';
import { object, parsedBy } from '#domain/shape.js';
import { handler, type Transaction } from '../transaction.js';

/** Longer prefixes of one organisation that are looked at for a collision. */
const MOST_LONGER = 1000;

export const registerOrganisation = handler(organisationRequest, async (tx, request) => {
  const key = organisationKey(request.id);
  const known = await tx.ledger.load(key, 'organisation');
  require(known === undefined, 'ORGANISATION_ALREADY_REGISTERED', { organisation: request.id });
  await takeNames(tx, request);
  tx.ledger.save(key, { kind: 'organisation', ...request, registeredAt: tx.at });
  return { organisation: request.id };
});

/** Both names are the organisation's alone, with all that look like them. */
async function takeNames(tx: Transaction, { id, name, nameEn }: OrganisationRequest): Promise<void> {
  for (const [field, text] of Object.entries({ name, ...(nameEn === undefined ? {} : { nameEn }) })) {
    checkNameCharacters(text, field);
    const digest = await crypto.subtle.digest('SHA-256', Buffer.from(nameSkeleton(text)));
    const key = organisationNameKey(Buffer.from(digest).toString('hex'));
    const taken = await tx.ledger.load(key, 'organisation-name');
    require(taken === undefined || taken.organisation === id, 'ORGANISATION_NAME_TAKEN', { field, organisation: taken?.organisation ?? '' });
    tx.ledger.save(key, { kind: 'organisation-name', organisation: id });
  }
}

const prefixGrant = object({ organisation: organisationId, prefix: parsedBy(parseCompanyPrefix) });

export const grantPrefix = handler(prefixGrant, async (tx, { organisation, prefix }) => {
  await tx.organisation(organisation);
  await refuseCollision(tx, prefix);
  const record: PrefixRecord = { kind: 'company-prefix', prefix, organisation, grantedAt: tx.at };
  tx.ledger.save(prefixKey(prefix), record);
  return { organisation, prefix };
});

/** A prefix that another begins with, or that begins with another, would give one number two owners. */
async function refuseCollision(tx: Transaction, prefix: ReturnType<typeof parseCompanyPrefix>): Promise<void> {
  const shorter = Array.from({ length: prefix.length - 3 }, (_, index) => prefixKey(prefix.slice(0, index + 4)));
  const longer = await tx.ledger.keysUnder(prefixKey(prefix), MOST_LONGER);
  for (const key of [...shorter, ...longer]) {
    const taken = await tx.ledger.load(key, 'company-prefix');
    if (taken !== undefined && prefixesCollide(parseCompanyPrefix(taken.prefix), prefix)) {
      throw new Problem('PREFIX_ALREADY_GRANTED', { prefix, taken: taken.prefix });
    }
  }
}

export const registerKey = handler(keyRequest, async (tx, request) => {
  await tx.organisation(request.organisation);
  const key = organisationKeyKey(request.organisation, request.keyId);
  const known = await tx.ledger.load(key, 'organisation-key');
  require(known === undefined, 'KEY_ALREADY_REGISTERED', { organisation: request.organisation, keyId: request.keyId });
  const record: KeyRecord = { kind: 'organisation-key', ...request, from: tx.at };
  tx.ledger.save(key, record);
  return { organisation: request.organisation, keyId: request.keyId };
});

export const retireKey = handler(keyRetirement, async (tx, request) => {
  const key = organisationKeyKey(request.organisation, request.keyId);
  const known = await tx.ledger.load(key, 'organisation-key');
  require(known !== undefined, 'KEY_UNKNOWN', { organisation: request.organisation, keyId: request.keyId });
  require(known.to === undefined, 'KEY_ALREADY_RETIRED', { keyId: request.keyId, to: known.to ?? '' });
  const retired: KeyRecord = { ...known, to: tx.at, reason: request.reason };
  tx.ledger.save(key, retired);
  return { organisation: request.organisation, keyId: request.keyId };
});
