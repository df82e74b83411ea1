/** Bodies that record, suspend and revoke licences, alone or together with what makes them credentials. */
import { LICENCE_CREDENTIAL_FIELDS, LICENCE_FIELDS, REVOCATION_FIELDS } from '#domain/chemistry/licence.js';
import { SUSPENSION_FIELDS } from '#domain/chemistry/licence-suspension.js';
import { list, object, optional, type Parsed } from '#domain/shape.js';
import { batchCount } from '#domain/trust/records.js';
import { credentialRevocation, statusListPublication } from '#domain/trust/requests.js';
import { listSchema, objectSchema, type RequestForm } from './request-form.js';
import { DAY, DIGEST, KILOGRAMS, line, ORGANISATION, PERCENT, PROVINCE, REASON, REFERENCE, SUBSTANCE } from './schema-parts.js';
import { COUNT, CREDENTIAL_REVOCATION, DID, STATUS_LIST } from './trust-forms.js';

const statusLists = optional(list(statusListPublication, { min: 1, max: 3 }));
const STATUS_LISTS = { ...listSchema(STATUS_LIST.schema, { min: 1, max: 3 }), description: 'published in the same transaction' };

/** What replaces it is the licence that it stands beside. */
const { replacedBy: _replacedBy, ...REPLACED } = REVOCATION_FIELDS;

/** A licence, and what else happens in the same transaction. */
const licenceOrder = object({
  ...LICENCE_FIELDS,
  credential: optional(object({ ...LICENCE_CREDENTIAL_FIELDS, count: optional(batchCount) })),
  replaces: optional(object(REPLACED)),
  statusLists,
});
export type LicenceOrder = Parsed<typeof licenceOrder>;

const revocationOrder = object({ ...REVOCATION_FIELDS, statusLists, credential: optional(credentialRevocation) });
export type RevocationOrder = Parsed<typeof revocationOrder>;

const suspensionOrder = object({ ...SUSPENSION_FIELDS, statusLists });
export type SuspensionOrder = Parsed<typeof suspensionOrder>;

const licenceLine = objectSchema({ line: REFERENCE, substance: SUBSTANCE, least: PERCENT, most: PERCENT, perYear: KILOGRAMS });
const credential = objectSchema({ did: DID, root: DIGEST }, {
  provinces: { ...listSchema(PROVINCE, { min: 1, max: 34, distinct: true }), description: 'where the sites are; the holder\'s own province where absent' },
  count: { ...COUNT, description: 'commits to the root in the same transaction; absent, it must be on the ledger' },
});
const by = { by: { ...DID, description: 'of another authority: by its right to revoke such credentials' } };
const revocation = objectSchema({ id: REFERENCE, from: DAY, reason: REASON }, by);

export const LICENCE = {
  shape: licenceOrder,
  schema: objectSchema({
    id: REFERENCE, number: line(60), holder: ORGANISATION, validFrom: DAY, validTo: DAY, lines: listSchema(licenceLine, { min: 1, max: 50 }),
  }, {
    credential: { ...credential, description: 'the licence is also a credential: the DID must hold the right to issue it' },
    replaces: { ...revocation, description: 'an earlier licence, revoked in the same transaction' },
    statusLists: STATUS_LISTS,
  }),
  example: {
    id: 'GP-2026-002', number: '12/GP-BCT', holder: 'hoa-chat-dong-nai', validFrom: '2026-02-01', validTo: '2031-01-31',
    lines: [{ line: 'L1', substance: 'acetone', least: '90', most: '100', perYear: '5000' }],
    credential: { did: 'did:web:cuc-hoa-chat.example', root: STATUS_LIST.example.hash, provinces: ['75'], count: 1 },
    replaces: { id: 'GP-2026-001', from: '2026-02-01', reason: 'Sửa hàm lượng' },
    statusLists: [{ ...STATUS_LIST.example, did: 'did:web:cuc-hoa-chat.example', list: 'thay-the-1', purpose: 'refresh' }],
  },
} as const satisfies RequestForm<LicenceOrder>;

export const REVOCATION = {
  shape: revocationOrder,
  schema: objectSchema({ id: REFERENCE, from: DAY, reason: REASON }, {
    ...by, replacedBy: { ...REFERENCE, description: 'a licence that the caller gave in its place: then it is replaced, and not taken back' }, statusLists: STATUS_LISTS, credential: { ...CREDENTIAL_REVOCATION.schema, description: 'by another authority: the credential, revoked in the same transaction' },
  }),
  example: { id: 'GP-2026-001', from: '2026-12-01', reason: 'Không còn đủ điều kiện', statusLists: [{ ...STATUS_LIST.example, did: 'did:web:cuc-hoa-chat.example' }] },
} as const satisfies RequestForm<RevocationOrder>;

/** For a suspension, and for its end. */
export const SUSPENSION = {
  shape: suspensionOrder,
  schema: objectSchema({ id: REFERENCE, reason: REASON }, { statusLists: STATUS_LISTS }),
  example: { id: 'GP-2026-001', reason: 'Chờ kết luận thanh tra', statusLists: [{ ...STATUS_LIST.example, did: 'did:web:cuc-hoa-chat.example', list: 'tam-dinh-chi-1', purpose: 'suspension' }] },
} as const satisfies RequestForm<SuspensionOrder>;
