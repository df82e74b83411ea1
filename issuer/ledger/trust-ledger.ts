/** What the issuer writes to the ledger and reads from it: the gateway's routes, by the names of what they do. */
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import type { LicenceRequest, LicenceRevocation } from '#domain/chemistry/licence.js';
import type { LicenceSuspensionRequest } from '#domain/chemistry/licence-suspension.js';
import { Problem } from '#domain/errors.js';
import { parseCompanyPrefix, type CompanyPrefix } from '#domain/gs1/company-prefix.js';
import { organisationId, organisationKind, type OrganisationId } from '#domain/registry/organisation.js';
import { list, parsedBy, text, type Parsed } from '#domain/shape.js';
import type { Did } from '#domain/trust/did.js';
import { commitmentRecord, type DidKeyRecord, type RevocationScope, type StatusListRecord } from '#domain/trust/records.js';
import type { CommitmentRequest, CredentialRevocation, DidKeyRequest, DidKeyRetirement, DidRegistration, StatusListPublication } from '#domain/trust/requests.js';
import { trustSnapshot, type TrustSnapshot } from '#domain/trust/snapshot.js';
import { apiKeyId, doneOf, isFinal, membersOf, understood } from './gateway-answer.js';
import type { GatewayApi } from './gateway-api.js';

/** Every path that is asked, in one place. */
const PATHS = {
  whoami: '/v1/whoami',
  snapshot: '/public/trust',
  organisation: (id: string) => `/v1/organisations/${id}`,
  commitment: (root: string) => `/public/commitments/${root}`,
  dids: '/v1/trust/dids',
  keys: '/v1/trust/keys',
  retirements: '/v1/trust/key-retirements',
  commitments: '/v1/trust/commitments',
  statusLists: '/v1/trust/status-lists',
  licences: '/v1/licences',
  revocation: (licence: string) => `/v1/licences/${licence}/revocation`,
  suspension: (licence: string) => `/v1/licences/${licence}/suspension`,
  reinstatement: (licence: string) => `/v1/licences/${licence}/reinstatement`,
  credentialRevocations: '/v1/trust/credential-revocations',
} as const;

const caller = membersOf({
  organisation: organisationId, type: organisationKind, scopes: list(text(60), { max: 100 }),
  /** Public part of the key, and whose or what for it is. */
  key: membersOf({ id: apiKeyId, label: text(100) }),
});

/** Whose API key it is, and what it may be used for. */
export type GatewayCaller = Parsed<typeof caller>;

/** A licence, the commitment to its credential, and the earlier licence that it replaces: one transaction. */
export interface CommittedLicence extends Omit<LicenceRequest, 'credential'> {
  /** With the provinces of its sites. */
  readonly credential: { readonly did: Did; readonly root: string; readonly count: number; readonly provinces: readonly string[] };
  readonly replaces?: LicenceRevocation;
}

/** A credential that is revoked by another organisation than its issuer's. */
export interface ForeignRevocation extends Omit<CredentialRevocation, 'scope'> {
  readonly scope: RevocationScope;
}

/** The end of a licence, and the version of the status list that says so: one transaction. */
export interface PublishedRevocation extends LicenceRevocation {
  readonly statusLists?: readonly StatusListPublication[];
  /** Of another authority: the credential, revoked with it. */
  readonly credential?: ForeignRevocation;
}

/** A licence that is suspended or reinstated, and the version of the status list that says so: one transaction. */
export interface PublishedSuspension extends LicenceSuspensionRequest {
  readonly suspended: boolean;
  readonly statusLists?: readonly StatusListPublication[];
}

type JsonObject = { readonly [member: string]: Json | undefined };

const commitmentAnswer = membersOf({ record: commitmentRecord });
const organisationAnswer = membersOf({ prefixes: list(parsedBy(parseCompanyPrefix), { max: 1_000 }) });

export class TrustLedger {
  readonly #ask: GatewayApi;

  constructor(gateway: GatewayApi) {
    this.#ask = gateway;
  }

  /** @throws Problem API_KEY_WRONG, API_KEY_EXPIRED, API_KEY_REVOKED, LEDGER_UNREACHABLE */
  async whoami(key: string): Promise<GatewayCaller> {
    return understood(caller, doneOf(await this.#ask('GET', PATHS.whoami, undefined, key)));
  }

  /** The GS1 company prefixes that an organisation holds. Throws ORGANISATION_UNKNOWN, SCOPE_MISSING, LEDGER_UNREACHABLE. */
  async prefixesOf(key: string, organisation: OrganisationId): Promise<readonly CompanyPrefix[]> {
    return understood(organisationAnswer, doneOf(await this.#ask('GET', PATHS.organisation(organisation), undefined, key))).prefixes;
  }

  /** @throws Problem LEDGER_UNREACHABLE */
  async snapshot(): Promise<TrustSnapshot> {
    return understood(trustSnapshot, doneOf(await this.#ask('GET', PATHS.snapshot, undefined, undefined)));
  }

  /** Puts a DID on the ledger; one that this organisation has there already is no refusal. */
  async registerDid(key: string, request: DidRegistration): Promise<void> {
    await this.#write(key, PATHS.dids, { ...request }, {
      isSaidBy: ({ code }) => code === 'DID_ALREADY_REGISTERED', isOurs: async () => (await this.snapshot()).dids.some((one) => one.did === request.did && one.organisation === request.organisation),
    });
  }

  /** Puts a key on the ledger; the same key there already is no refusal. */
  async registerKey(key: string, { publicKeyJwk, ...request }: DidKeyRequest): Promise<void> {
    await this.#write(key, PATHS.keys, { ...request, publicKeyJwk: { ...publicKeyJwk } }, {
      isSaidBy: ({ code }) => code === 'DID_KEY_ALREADY_REGISTERED', isOurs: async () => (await this.#keyOf(request))?.publicKeyJwk.x === publicKeyJwk.x,
    });
  }

  /** Ends a key's period; a key that is ended for this reason already is no refusal. */
  async retireKey(key: string, request: DidKeyRetirement): Promise<void> {
    await this.#write(key, PATHS.retirements, { ...request }, {
      isSaidBy: ({ code }) => code === 'DID_KEY_ALREADY_RETIRED', isOurs: async () => (await this.#keyOf(request))?.reason === request.reason,
    });
  }

  async #keyOf({ did, keyId }: Pick<DidKeyRequest, 'did' | 'keyId'>): Promise<DidKeyRecord | undefined> {
    return (await this.snapshot()).keys.find((one) => one.did === did && one.keyId === keyId);
  }

  /** Commits to credentials; repeated, it is done, whatever may be refused by now. */
  async commit(key: string, request: CommitmentRequest): Promise<void> {
    await this.#write(key, PATHS.commitments, { ...request }, { isSaidBy: isFinal, isOurs: async () => this.isCommitted(request.did, request.root) });
  }

  /** Records a licence and commits to its credential in one transaction; repeated, it is done, whatever may be refused by now. */
  async recordLicence(key: string, { credential, replaces, lines, ...licence }: CommittedLicence): Promise<void> {
    const request = {
      ...licence, lines: lines.map((line) => ({ ...line })), credential: { ...credential },
      ...(replaces === undefined ? {} : { replaces: { ...replaces } }),
    };
    await this.#write(key, PATHS.licences, request, { isSaidBy: isFinal, isOurs: async () => this.isCommitted(credential.did, credential.root) });
  }

  /** Takes a licence's force from a day on, and anchors status lists with it. Throws LICENCE_ALREADY_REVOKED also where it was by this very request, long ago. */
  async revokeLicence(key: string, { id, statusLists, credential, ...request }: PublishedRevocation): Promise<void> {
    await this.#write(key, PATHS.revocation(id), {
      ...request, ...(statusLists === undefined ? {} : { statusLists: statusLists.map((one) => ({ ...one })) }), ...(credential === undefined ? {} : { credential: revocationJson(credential) }),
    });
  }

  /** Suspends a licence from now on, or lifts that. Throws LICENCE_ALREADY_SUSPENDED, LICENCE_NOT_SUSPENDED also where it was by this very request, long ago. */
  async suspendLicence(key: string, { id, suspended, statusLists, ...request }: PublishedSuspension): Promise<void> {
    await this.#write(key, suspended ? PATHS.suspension(id) : PATHS.reinstatement(id), { ...request, ...(statusLists === undefined ? {} : { statusLists: statusLists.map((one) => ({ ...one })) }) });
  }

  /** Revokes a credential of another issuer; repeated, it is done. */
  async revokeCredential(key: string, request: ForeignRevocation): Promise<void> {
    await this.#write(key, PATHS.credentialRevocations, revocationJson(request), { isSaidBy: ({ code }) => code === 'CREDENTIAL_REVOCATION_ALREADY_RECORDED', isOurs: async () => true });
  }

  /** Anchors a version of a status list; this very version there already is no refusal. */
  async publishStatusList(key: string, request: StatusListPublication): Promise<void> {
    await this.#write(key, PATHS.statusLists, { ...request }, {
      isSaidBy: ({ code }) => code === 'STATUS_LIST_VERSION_NOT_NEWER', isOurs: async () => (await this.publishedList(request))?.hash === request.hash,
    });
  }

  /** The newest version of a list on the ledger. */
  async publishedList({ did, list: name }: Pick<StatusListPublication, 'did' | 'list'>): Promise<StatusListRecord | undefined> {
    return (await this.snapshot()).lists.find((one) => one.did === did && one.list === name);
  }

  /** Whether a root is on the ledger for this DID. */
  async isCommitted(did: Did, root: string): Promise<boolean> {
    const answer = await this.#ask('GET', PATHS.commitment(root), undefined, undefined);
    if (answer.status === 404) return false;
    return understood(commitmentAnswer, doneOf(answer)).record.did === did;
  }

  /**
   * The same request is the same write, whoever asks for it and however often; after the gateway has forgotten that, the
   * ledger's own refusal says that it was done, if what stands there is ours.
   */
  async #write(key: string, path: string, request: JsonObject, done?: { readonly isSaidBy: (refusal: Problem) => boolean; readonly isOurs: () => Promise<boolean> }): Promise<void> {
    const idempotencyKey = createHash('sha256').update(`${path}\n${canonicalJson(request)}`).digest('base64url');
    try {
      doneOf(await this.#ask('POST', path, request, key, idempotencyKey));
    } catch (error) {
      if (done !== undefined && error instanceof Problem && done.isSaidBy(error) && await done.isOurs()) return;
      throw error;
    }
  }
}

function revocationJson({ scope, ...revocation }: ForeignRevocation): JsonObject {
  return { ...revocation, scope: { ...scope } };
}
