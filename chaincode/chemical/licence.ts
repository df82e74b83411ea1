/** Licences and declarations of use come onto the register and lose their force. */
import { Problem, require } from '#domain/errors.js';
import { checkLicence, declarationKey, licenceKey, licenceOfKey, licenceRequest, licenceRevocation, useDeclaration, type DeclarationRecord, type LicenceNote, type LicenceRecord, type LicenceRevocation } from '#domain/chemistry/licence.js';
import { revoke } from '#domain/chemistry/licence-revocation.js';
import { licenceSuspension, reinstate, suspend } from '#domain/chemistry/licence-suspension.js';
import { handler, type Transaction } from '../transaction.js';
import { checkLicenceCredential, checkRevoker, countUnder } from './licence-credential.js';

export const recordLicence = handler(licenceRequest, async (tx, request) => {
  checkLicence(request);
  const holder = await tx.organisation(request.holder);
  const key = licenceKey(request.id);
  const known = await tx.ledger.load(key, 'licence');
  require(known === undefined, 'LICENCE_ALREADY_RECORDED', { licence: request.id });
  await checkLicenceCredential(tx, request, holder);
  if (request.credential !== undefined) await countUnder(tx, request.credential.did);
  const record: LicenceRecord = { kind: 'licence', ...request, authority: tx.caller.organisation, recordedAt: tx.at };
  tx.ledger.save(key, record);
  for (const { substance } of request.lines) tx.ledger.save(licenceOfKey(request.holder, substance, request.id), { kind: 'licence-of' });
  return { licence: request.id };
});

export const revokeLicence = handler(licenceRevocation, async (tx, request) => {
  const known = await recordedLicence(tx, request.id);
  if (known.authority !== tx.caller.organisation) await checkRevoker(tx, known, request.by);
  const { id, from, reason, replacedBy } = request;
  const revoked = revoke(known, { from, at: tx.at, by: tx.caller.organisation, reason, ...(replacedBy === undefined ? {} : { replacedBy }) });
  await checkHeir(tx, request);
  tx.ledger.save(licenceKey(id), revoked);
  return { licence: id, from };
});

/** Verifiers say of a licence that it is replaced: only by one that whoever says so has given. */
async function checkHeir(tx: Transaction, { id, replacedBy }: LicenceRevocation): Promise<void> {
  if (replacedBy === undefined) return;
  const heir = await recordedLicence(tx, replacedBy);
  require(heir.id !== id && heir.authority === tx.caller.organisation, 'FIELD_WRONG_VALUE', { field: 'replacedBy', expected: 'another licence that the caller gave' });
}

/** @throws Problem LICENCE_UNKNOWN */
async function recordedLicence(tx: Transaction, id: string): Promise<LicenceRecord> {
  const known = await tx.ledger.load(licenceKey(id), 'licence');
  require(known !== undefined, 'LICENCE_UNKNOWN', { licence: id });
  return known;
}

export const suspendLicence = handler(licenceSuspension, async (tx, request) => {
  const licence = suspend(await ownLicence(tx, request.id), noteOf(tx, request.reason));
  tx.ledger.save(licenceKey(request.id), licence);
  return { licence: request.id, suspendedAt: tx.at };
});

export const reinstateLicence = handler(licenceSuspension, async (tx, request) => {
  const licence = reinstate(await ownLicence(tx, request.id), noteOf(tx, request.reason));
  tx.ledger.save(licenceKey(request.id), licence);
  return { licence: request.id, reinstatedAt: tx.at };
});

/** @throws Problem LICENCE_UNKNOWN, CALLER_NOT_ALLOWED */
async function ownLicence(tx: Transaction, id: string): Promise<LicenceRecord> {
  const licence = await recordedLicence(tx, id);
  if (licence.authority !== tx.caller.organisation) throw new Problem('CALLER_NOT_ALLOWED', { authority: licence.authority });
  return licence;
}

function noteOf(tx: Transaction, reason: string): LicenceNote {
  return { at: tx.at, by: tx.caller.organisation, reason };
}

/** A later declaration for the same substance replaces the earlier: its 30 days begin anew (NĐ 26/2026 Art. 15). */
export const declareUse = handler(useDeclaration, async (tx, request) => {
  const organisation = tx.caller.organisation;
  await tx.organisation(organisation);
  const record: DeclarationRecord = { kind: 'use-declaration', ...request, organisation, declaredAt: tx.at };
  tx.ledger.save(declarationKey(organisation, request.substance), record);
  return { substance: request.substance };
});
