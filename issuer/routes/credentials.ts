/** Credentials in the shape of the W3C's VC API: issue, read, change the status; and erasure. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { CREDENTIAL_TYPE_NAMES } from '#domain/credential/credential-type.js';
import { credentialId } from '#domain/credential/credential-id.js';
import { printedLink, publicCredentialPath } from '#domain/credential/reveal.js';
import { require } from '#domain/errors.js';
import { at } from '#domain/shape.js';
import { erasePersonalData } from '../credentials/erasure.js';
import type { CredentialRecord } from '../credentials/credential-record.js';
import { readIssueOrder } from '../credentials/issue-order.js';
import { statusOrder } from '../credentials/status-desk.js';
import { described, objectOf } from '../http/described.js';
import { callerOf } from '../http/guard.js';
import { wholeText } from '../public/public-credentials.js';
import type { IssuerServices } from '../services.js';

const TAG = 'credentials';
const KEYED = { issuerAccess: 'credentials:write' } as const;

const text = { type: 'string' };
const ID = { type: 'string', pattern: '^urn:uuid:', description: 'the id of the credential, in its signed payload' };
const STATUSES = objectOf({ revocation: { type: 'boolean' }, suspension: { type: 'boolean' }, refresh: { type: 'boolean' } });
const LATER = { ...text, format: 'date', description: 'of a licence: the later day that was stated for its revocation; `status` shows it from then on' };
const HANDED_OUT = objectOf({
  verifiableCredential: { ...text, description: 'text of the credential: JWT, disclosures, evidence' }, jwt: { ...text, description: 'the JWT alone' },
  credentialId: ID, publicId: text, link: { ...text, description: 'what a printed QR code says' }, issuedAt: { type: 'string', format: 'date-time' }, status: STATUSES,
}, { supersededBy: ID, from: LATER });
const WAITING = objectOf({ credentialId: ID, state: { const: 'waiting' }, code: { ...text, description: 'what it waits for' } });

const CREDENTIAL = objectOf({
  '@context': { type: 'array', items: text }, type: { type: 'array', items: text, description: `VerifiableCredential and one of ${CREDENTIAL_TYPE_NAMES.join(', ')}` },
  issuer: { ...text, description: 'a DID of the caller\'s organisation' }, credentialSubject: { type: 'object', description: 'claims; of a diploma with the personal ones, which are disclosed apart' },
}, { issuanceDate: { ...text, description: 'now where absent' }, expirationDate: { ...text, description: 'where the type expires' } });

export function credentialRoutes(app: FastifyInstance, services: IssuerServices): void {
  issueRoute(app, services);
  readRoute(app, services);
  statusRoute(app, services);
  erasureRoute(app, services);
}

function issueRoute(app: FastifyInstance, services: IssuerServices): void {
  const body = objectOf({ credential: CREDENTIAL }, { options: objectOf({}, { supersedes: { ...ID, description: 'the credential that this one supersedes' } }) });
  app.route({
    method: 'POST', url: '/credentials/issue', config: KEYED,
    schema: described({ tag: TAG, summary: 'Issue a credential; the same again answers the same one', body, response: { '201': HANDED_OUT, '202': WAITING } }),
    handler: async (request, reply) => {
      const { id, record, waiting } = await services.issuing.issue(callerOf(request), readIssueOrder(request.body));
      reply.header('Location', `/credentials/${id}`);
      return record === undefined ? waitingAnswer(id, waiting?.code ?? 'LEDGER_UNDECIDED', reply) : reply.code(201).send(await handedOut(record, services));
    },
  });
}

function waitingAnswer(id: string, code: string, reply: FastifyReply): FastifyReply {
  return reply.code(202).header('Retry-After', '1').send({ credentialId: id, state: 'waiting', code });
}

function readRoute(app: FastifyInstance, services: IssuerServices): void {
  app.route({
    method: 'GET', url: '/credentials/:id', config: KEYED,
    schema: described({ tag: TAG, summary: 'A credential of the caller\'s organisation, with its disclosures', params: ['id'], response: { '200': HANDED_OUT, '202': WAITING } }),
    handler: async (request, reply) => {
      const record = await ownRecord(request.params, callerOf(request).organisation, services);
      if (record.state === 'planned' || record.state === 'signed') return waitingAnswer(record.id, 'LEDGER_UNDECIDED', reply);
      return handedOut(record, services);
    },
  });
}

async function ownRecord(params: unknown, organisation: string, { rows }: IssuerServices): Promise<CredentialRecord> {
  const { id } = params as { readonly id: string };
  const record = await rows.known(at('id', () => credentialId(id)));
  require(record.organisation === organisation, 'DID_NOT_HELD', { did: record.claims.issuer, organisation });
  return record;
}

function statusRoute(app: FastifyInstance, services: IssuerServices): void {
  const body = objectOf({
    credentialId: ID, status: { type: 'boolean' },
    credentialStatus: objectOf({ type: { const: 'BitstringStatusListEntry' }, statusPurpose: { enum: ['revocation', 'suspension'] } }, { id: text, statusListIndex: text, statusListCredential: text }),
  }, { indexAllocator: text, reason: text, from: { ...text, description: 'of a licence\'s revocation alone: the day from which it gives no right; today where absent. An announced day gives way to an earlier one' }, decision: { ...text, description: 'number of the decision by which another than the issuer revokes' } });
  app.route({
    method: 'POST', url: '/credentials/status', config: KEYED,
    schema: described({ tag: TAG, summary: 'Revoke, suspend, or lift a suspension; revoke what another issued, by a right to. Answered when everybody can read it', body, response: { '200': objectOf({ credentialId: ID, status: STATUSES }, { from: LATER }) } }),
    handler: async (request) => {
      const record = await services.desk.change(callerOf(request), statusOrder(request.body));
      return { credentialId: record.id, status: statusOf(record, services), ...laterOf(record) };
    },
  });
}

function erasureRoute(app: FastifyInstance, services: IssuerServices): void {
  app.route({
    method: 'DELETE', url: '/v1/credentials/:id/personal-data', config: KEYED,
    schema: described({ tag: TAG, summary: 'Erase what ties a credential to its subject, for good', params: ['id'], response: { '200': objectOf({ credentialId: ID, erasedAt: text }) } }),
    handler: async (request) => {
      const { id } = request.params as { readonly id: string };
      const record = await erasePersonalData(callerOf(request), at('id', () => credentialId(id)), services);
      return { credentialId: record.id, erasedAt: record.erasedAt };
    },
  });
}

/** @throws Problem PERSONAL_DATA_ERASED, CREDENTIAL_NOT_ISSUED */
async function handedOut(record: CredentialRecord, services: IssuerServices): Promise<object> {
  const secrets = await services.rows.secrets(record.id);
  const { verifierOrigin } = services.settings;
  const link = secrets.revealKey === undefined ? `${verifierOrigin}${publicCredentialPath(record.publicId)}` : printedLink(verifierOrigin, record.publicId, secrets.revealKey);
  return {
    verifiableCredential: wholeText(record, secrets), jwt: record.jwt, credentialId: record.id, publicId: record.publicId, link,
    issuedAt: record.plannedAt, status: statusOf(record, services), ...laterOf(record),
    ...(record.superseded === undefined ? {} : { supersededBy: record.superseded.id }),
  };
}

function statusOf({ slot, revokedBy }: CredentialRecord, { lists }: IssuerServices): object {
  return { revocation: revokedBy !== undefined || lists.bit(slot, 'revocation'), suspension: lists.bit(slot, 'suspension'), refresh: lists.bit(slot, 'refresh') };
}

function laterOf({ revokedFrom }: CredentialRecord): { from?: string } {
  return revokedFrom === undefined ? {} : { from: revokedFrom };
}
