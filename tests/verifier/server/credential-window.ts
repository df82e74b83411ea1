/** One issuer with a printed credential for every state, a ledger and registry in memory, and the real application over them. */
import { createCipheriv, hash, hkdfSync, randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { canonicalJson, type Json } from '#domain/canonical-json.js';
import type { CredentialClaims } from '#domain/credential/claims.js';
import type { CredentialType } from '#domain/credential/credential-type.js';
import { joinSealedBox, SEALED_BOX } from '#domain/credential/reveal.js';
import { STATUS_PURPOSES, type StatusPurpose } from '#domain/credential/status-list.js';
import { Problem, PROBLEMS, type ProblemCode } from '#domain/errors.js';
import { instantOf, type Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Did } from '#domain/trust/did.js';
import { commitmentKey } from '#domain/trust/keys.js';
import type { CommitmentRecord, StatusListRecord } from '#domain/trust/records.js';
import type { PublicCommitment, TrustSnapshot } from '#domain/trust/snapshot.js';
import { buildVerifier, type VerifierDeps } from '../../../verifier/server/build-verifier.js';
import { credentialChecks, type CredentialChecks } from '../../../verifier/server/credentials/credential-checks.js';
import type { CredentialScripts } from '../../../verifier/server/credentials/credential-scripts.js';
import type { CommitmentSource, PublicCredential, TrustSource } from '../../../verifier/server/credentials/credential-sources.js';
import type { AskIssuer } from '../../../verifier/server/credentials/issuer-service.js';
import { nodeCrypto } from '../../../verifier/server/node-crypto.js';
import { FOUNDED, grantOf, issuerOf, keyRecordOf, NOW, type Plan, SAMPLES, sceneOf, type Signer, signerOf, SNAPSHOT } from '../../support/credential-maker.js';
import { didKeyOf } from '../../support/own-key-signers.js';
import { listHash, statusListJwt } from '../../support/status-list-maker.js';
import { MemoryRecords, trustOf } from '../goods-fixtures.js';
import { newWorld, receipt, type World } from '../receipt-builder.js';

export const ISSUER_ORIGIN = 'https://cap.minhchung.example';
export const SITE_ORIGIN = 'https://id.example.org';
export const OPERATOR = { name: 'Trung tâm Minh Chứng (minh họa)', contact: '0800 000 000, baocao@example.org' };
/** What opens every sealed box here. */
export const PAPER_KEY = '2GLC42sKQveCfGfryNRN9w';

const ALGORITHM = 'ES256' as const;
const SECONDS = NOW / 1000;

interface KnownList {
  readonly signer: Signer;
  readonly purpose: StatusPurpose;
  readonly set: Set<number>;
  version: number;
  jwt: string;
}

/** What the memory of an issuer and of a gateway hold, open to change. */
export class CredentialWorld implements TrustSource, CommitmentSource {
  readonly records = new Map<string, PublicCredential>();
  readonly erased = new Set<string>();
  readonly disclosures = new Map<string, readonly string[]>();
  readonly commitments = new Map<string, PublicCommitment>();
  readonly lists = new Map<string, KnownList>();
  readonly documents = new Map<string, string>();
  /** Everything that was asked for, in order: `/status/…`, `ledger root`, `trust`. */
  readonly asked: string[] = [];
  readonly failing = new Set<'trust' | 'ledger' | 'issuer' | 'lists'>();
  snapshot: TrustSnapshot = SNAPSHOT;
  now = NOW;
  readonly world: World;
  #next = 100;

  constructor(world: World) {
    this.world = world;
  }

  // The ports.

  async trustSnapshot(): Promise<TrustSnapshot> {
    this.#answerOrFail('trust');
    this.asked.push('trust');
    return this.snapshot;
  }

  async commitment(root: string): Promise<PublicCommitment | undefined> {
    this.#answerOrFail('ledger');
    this.asked.push(`ledger ${root}`);
    return this.commitments.get(root);
  }

  ask: AskIssuer = async ({ method, path, body }) => {
    this.#answerOrFail('issuer');
    this.asked.push(`${method} ${path}`);
    const list = this.lists.get(ISSUER_ORIGIN + path);
    if (list !== undefined) {
      this.#answerOrFail('lists');
      return { status: 200, body: list.jwt };
    }
    const [, id = '', action] = /^\/public\/credentials\/([^/]+)(\/reveal)?$/.exec(path) ?? [];
    return action === undefined ? this.#record(id) : this.#reveal(id, body ?? '');
  };

  outside = async (url: string): Promise<string> => {
    this.asked.push(url);
    const text = this.documents.get(url);
    if (text === undefined) throw new Problem('FETCH_FAILED', { url });
    return text;
  };

  #record(id: string): { status: number; body: string } {
    const record = this.records.get(id);
    if (this.erased.has(id)) return refusal('PERSONAL_DATA_ERASED', 404);
    return record === undefined ? refusal('CREDENTIAL_UNKNOWN', 404) : { status: 200, body: JSON.stringify(record) };
  }

  #reveal(id: string, body: string): { status: number; body: string } {
    const disclosures = this.disclosures.get(id);
    const { serialNumber, dateOfBirth } = JSON.parse(body) as Record<string, string>;
    const isRight = serialNumber?.replaceAll(' ', '').toUpperCase() === 'VD0001234' && dateOfBirth === '2004-02-29';
    return disclosures === undefined || !isRight ? refusal('REVEAL_REFUSED', 422) : { status: 200, body: JSON.stringify({ disclosures }) };
  }

  #answerOrFail(part: 'trust' | 'ledger' | 'issuer' | 'lists'): void {
    if (this.failing.has(part)) throw new Problem('LEDGER_UNREACHABLE', { reason: `${part} is silent` });
  }

  // What stands in it.

  /** A credential with an index and an id of its own, committed to and in a public record. */
  print(plan: Plan = {}, change: Partial<PublicCredential> = {}): PublicCredential {
    const at = this.#next++;
    const id = hash('sha256', `paper ${at}`, 'buffer').subarray(0, 16).toString('base64url');
    const scene = sceneOf(ALGORITHM, { ...plan, claims: (claims) => (plan.claims ?? same)(numbered(claims, at)) });
    const [jwt = '', ...rest] = scene.text.replace(/#.*/, '').split('~');
    const shown = rest.filter((one) => one !== '');
    for (const record of scene.commitments) this.commit(record);
    const record: PublicCredential = {
      id, text: `${jwt}${/#.*/.exec(scene.text)?.[0] ?? ''}`, issuedAt: instantOf(NOW - 86_400_000),
      ...(shown.length === 0 ? {} : { sealed: seal(shown.join('~')) }), ...change,
    };
    this.records.set(id, record);
    if (shown.length > 0) this.disclosures.set(id, shown);
    return record;
  }

  commit(record: CommitmentRecord): void {
    const key = commitmentKey(record.root);
    const signed = receipt(this.world, {
      at: this.now - 120_000, input: ['registry:readRecord', key], response: canonicalJson(record as unknown as Json),
      namespaces: [{ name: 'minhchung', reads: [{ key, version: [1200, 0] }] }],
    });
    this.commitments.set(record.root, { record, receipt: signed });
  }

  /** Puts the three lists of an issuer on the ledger and up for fetching. */
  openLists(claims: CredentialClaims, signer: Signer): void {
    for (const purpose of STATUS_PURPOSES) {
      this.lists.set(claims.status[purpose].list, { signer, purpose, set: new Set(), version: 0, jwt: '' });
      this.publish(claims.status[purpose].list);
    }
  }

  /** Signs the next version of a list, on the ledger first. */
  publish(url: string, { onLedger = true, served = true, from = this.now / 1000 - 60 }: { onLedger?: boolean; served?: boolean; from?: number } = {}): void {
    const list = this.lists.get(url)!;
    list.version += 1;
    const jwt = statusListJwt(list.signer, { url, purpose: list.purpose, version: list.version, set: [...list.set], from: Math.floor(from), until: Math.floor(from) + 7_200 });
    const record: StatusListRecord = { kind: 'status-list', did: list.signer.did, list: url.slice(url.lastIndexOf('/') + 1), purpose: list.purpose, version: list.version, hash: listHash(jwt), publishedAt: instantOf(this.now) };
    if (onLedger) this.change({ lists: [...this.snapshot.lists.filter((one) => one.list !== record.list), record] });
    if (served) list.jwt = jwt;
  }

  /** Sets the bit of a printed credential, and publishes. */
  set({ text }: Pick<PublicCredential, 'text'>, purpose: StatusPurpose): void {
    const { list, index } = statusIn(text, purpose);
    this.lists.get(list)!.set.add(index);
    this.publish(list);
  }

  /** The registry with something new in it, one block later. */
  change(change: Partial<TrustSnapshot>): void {
    this.snapshot = { ...this.snapshot, height: String(Number(this.snapshot.height) + 1), knownAt: instantOf(this.now - 5_000), ...change };
  }
}

const same = <T>(value: T): T => value;

function refusal(code: ProblemCode, status: number): { status: number; body: string } {
  return { status, body: JSON.stringify({ type: `urn:minhchung:problem:${code}`, status, code, detail: PROBLEMS[code].vi, fields: {} }) };
}

function numbered(claims: CredentialClaims, at: number): CredentialClaims {
  const status = Object.fromEntries(STATUS_PURPOSES.map((purpose) => [purpose, { list: claims.status[purpose].list, index: at }])) as CredentialClaims['status'];
  return { ...claims, status, id: `urn:uuid:a1b2c3d4-0000-4000-8000-${String(at).padStart(12, '0')}` };
}

function statusIn(text: string, purpose: StatusPurpose): { list: string; index: number } {
  const payload = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as { vc: { credentialStatus: { statusPurpose: string; statusListIndex: string; statusListCredential: string }[] } };
  const entry = payload.vc.credentialStatus.find(({ statusPurpose }) => statusPurpose === purpose)!;
  return { list: entry.statusListCredential, index: Number(entry.statusListIndex) };
}

/** As an issuer seals, by other code. */
export function seal(plain: string, key = PAPER_KEY): string {
  const nonce = randomBytes(SEALED_BOX.nonceBytes);
  const secret = Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64url'), '', SEALED_BOX.info, 32));
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return Buffer.from(joinSealedBox({ nonce, ciphertext })).toString('base64url');
}

const LICENCE: CredentialType = 'ChemicalLicenceCredential';
const DAY = 86_400;

/** Names of what is printed, each the state that its page shows. */
export type PrintedCase =
  | 'valid' | 'diploma' | 'identity' | 'altered' | 'expired' | 'not-yet-valid' | 'suspended' | 'superseded' | 'revoked' | 'revoked-by-authority'
  | 'issuer-unknown' | 'issuer-differs' | 'not-authorised' | 'key-compromised' | 'not-logged' | 'valid-once-authorised' | 'entered-late' | 'malformed';

/** The state that the band of each shows. */
export const STATE_OF: Readonly<Record<PrintedCase, string>> = {
  valid: 'valid', diploma: 'valid', identity: 'valid', altered: 'altered', expired: 'expired', 'not-yet-valid': 'not-yet-valid', suspended: 'suspended',
  superseded: 'superseded', revoked: 'revoked', 'revoked-by-authority': 'revoked-by-authority', 'issuer-unknown': 'issuer-unknown', 'issuer-differs': 'issuer-differs', 'not-authorised': 'not-authorised',
  'key-compromised': 'key-compromised', 'not-logged': 'not-logged', 'valid-once-authorised': 'valid-once-authorised', 'entered-late': 'valid', malformed: 'malformed',
};

/** Words that stand only in what somebody forged: they must never come back. */
export const FORGED = 'Trường Đại học Bịa Đặt';

export interface CredentialWindow {
  readonly world: CredentialWorld;
  readonly checks: CredentialChecks;
  readonly app: FastifyInstance;
  readonly printed: Readonly<Record<PrintedCase, PublicCredential>>;
}

export interface WindowOptions extends Partial<Omit<VerifierDeps, 'credentials'>> {
  readonly scripts?: CredentialScripts;
  /** Whether a first round was made; true unless stated. */
  readonly prefetched?: boolean;
}

/** Everything there, and everything fetched that is to be fetched beforehand. */
export async function openCredentialWindow({ scripts, prefetched = true, ...change }: WindowOptions = {}): Promise<CredentialWindow> {
  const world = new CredentialWorld(await newWorld());
  for (const type of Object.keys(SAMPLES) as CredentialType[]) world.openLists(SAMPLES[type], issuerOf(type, ALGORITHM));
  const printed = printAll(world);
  const records = new MemoryRecords(world.world, trustOf(world.world));
  const [crypto, now] = [nodeCrypto(), (): number => world.now];
  const checks = credentialChecks({
    ledger: world, trust: () => records.trust(), issuer: { origin: ISSUER_ORIGIN, ask: (request) => world.ask(request) }, outside: (url) => world.outside(url), crypto, now, everyMs: 3_600_000,
    ...(scripts === undefined ? {} : { scripts }),
  });
  const app = buildVerifier({ records, crypto, now, origin: SITE_ORIGIN, operator: OPERATOR, credentials: checks, ...change });
  if (prefetched) await checks.worker.round();
  return { world, checks, app, printed };
}

function printAll(world: CredentialWorld): CredentialWindow['printed'] {
  const leaked = signerOf(SAMPLES[LICENCE].issuer, 'khoa-lo', ALGORITHM);
  const leakedAt = instantOf((SECONDS - 40 * DAY) * 1000);
  const [retired, retiredAt] = [signerOf(SAMPLES[LICENCE].issuer, 'khoa-truoc', ALGORITHM), SAMPLES[LICENCE].issuedAt + 3_600];
  const retiredOn = instantOf(retiredAt * 1000);
  const former = signerOf('did:web:so-cu.example', 'khoa-cu', ALGORITHM);
  world.change({
    dids: [...world.snapshot.dids, { kind: 'did', did: former.did, organisation: SNAPSHOT.dids[1]!.organisation, registeredAt: '2026-01-01T00:00:00.000Z' as Instant }],
    keys: [...world.snapshot.keys, keyRecordOf(former), { ...keyRecordOf(leaked), to: leakedAt, reason: 'compromised', compromisedSince: leakedAt, retiredAt: leakedAt },
      { ...keyRecordOf(retired), to: retiredOn, reason: 'superseded', retiredAt: retiredOn }],
    grants: [...world.snapshot.grants, {
      ...SNAPSHOT.grants[1]!, id: 'quyen-cu', grantee: former.did,
      withdrawn: { at: instantOf(NOW - 3_600_000), effect: 'from-now', reason: 'Giải thể' },
    }],
  });
  const by = (signer: Signer) => (claims: CredentialClaims): CredentialClaims => ({ ...claims, issuer: signer.did });
  const stranger = didKeyOf(ALGORITHM);
  const university = issuerOf('DiplomaCredential', ALGORITHM);
  world.openLists({ ...SAMPLES[LICENCE], status: formerStatus() }, former);
  const superseded = world.print({ type: 'DiplomaCredential' });
  const corrected = world.print({ type: 'DiplomaCredential' });
  world.records.set(superseded.id, { ...superseded, supersededBy: corrected.id });
  const [suspended, revoked] = [world.print(), world.print({ type: 'DiplomaCredential' })];
  world.set(superseded, 'refresh');
  world.set(suspended, 'suspension');
  world.set(revoked, 'revocation');
  return {
    'revoked-by-authority': revokedByMinistry(world),
    superseded: world.records.get(superseded.id)!, suspended, revoked,
    valid: world.print(), diploma: corrected, identity: world.print({ type: 'EnterpriseIdentityCredential' }),
    altered: world.print({ type: 'DiplomaCredential', jwt: forged }),
    expired: world.print({ claims: (claims) => ({ ...claims, issuedAt: SECONDS - 200 * DAY, notBefore: SECONDS - 200 * DAY, expires: SECONDS - 35 * DAY }) }),
    'not-yet-valid': world.print({ claims: (claims) => ({ ...claims, notBefore: SECONDS + 30 * DAY }) }),
    'issuer-unknown': world.print({ type: 'DiplomaCredential', signer: stranger, claims: (claims) => forgedName(by(stranger)(claims)) }),
    'issuer-differs': world.print({ type: 'DiplomaCredential', claims: (claims) => forgedName(claims, 'dai-hoc-khac') }),
    'not-authorised': world.print({ signer: university, claims: (claims) => byAuthority(by(university)(claims)) }),
    'key-compromised': world.print({ signer: leaked }),
    'not-logged': world.print({ commitment: () => undefined }),
    'valid-once-authorised': world.print({ signer: former, claims: (claims) => ({ ...by(former)(claims), status: formerStatus(claims.status.revocation.index) }) }),
    'entered-late': world.print({ signer: retired, commitment: (record) => ({ ...record, committedAt: instantOf((retiredAt + DAY + 1) * 1000) }) }),
    malformed: world.print({ text: () => 'Không phải chứng thư' }),
  };
}

/** An identity that a ministry has revoked by a right of its own. */
function revokedByMinistry(world: CredentialWorld): PublicCredential {
  const type = 'EnterpriseIdentityCredential';
  const record = world.print({ type });
  const did = 'did:web:bo.example' as Did;
  const { jti } = JSON.parse(Buffer.from(record.text.split('.')[1] ?? '', 'base64url').toString()) as { jti: string };
  const { dids, grants, organisations, revocations } = world.snapshot;
  world.change({
    dids: [...dids, { kind: 'did', did, organisation: 'bo-vi-du' as OrganisationId, registeredAt: FOUNDED }],
    grants: [...grants, { ...grantOf(type, did), id: 'quyen-bo', actions: ['revoke'] }],
    organisations: [...organisations, { id: 'bo-vi-du' as OrganisationId, name: 'Bộ Ví Dụ', nameEn: 'Example Ministry', type: 'authority', fictional: 'yes' }],
    revocations: [...revocations, { kind: 'credential-revocation', did, issuer: SAMPLES[type].issuer, credential: listHash(jti), credentialType: type, scope: { provinces: ['01'] }, decision: '45/QĐ-BVD', revokedAt: instantOf(NOW - 3_600_000) }],
  });
  return record;
}

function formerStatus(index = 0): CredentialClaims['status'] {
  return Object.fromEntries(STATUS_PURPOSES.map((purpose) => [purpose, { list: `${ISSUER_ORIGIN}/status/so-cu-${purpose}`, index }])) as CredentialClaims['status'];
}

/** A licence that the university itself stands in as its authority. */
function byAuthority(claims: CredentialClaims): CredentialClaims {
  const licence = SAMPLES.ChemicalLicenceCredential.subjectClaims as { readonly authority: object };
  return { ...claims, subjectClaims: { ...licence, authority: { organisation: 'dai-hoc-vi-du', name: FORGED } } as never };
}

function forgedName(claims: CredentialClaims, organisation = 'dai-hoc-vi-du'): CredentialClaims {
  const diploma = claims.subjectClaims as unknown as { readonly institution: object };
  return { ...claims, subjectClaims: { ...diploma, institution: { ...diploma.institution, organisation, name: FORGED }, title: FORGED } as never };
}

/** Another payload under the old signature. */
function forged(jwt: string): string {
  const [header, payload, signature] = jwt.split('.');
  const changed = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as { vc: { credentialSubject: { title: string } } };
  changed.vc.credentialSubject.title = FORGED;
  return `${header}.${Buffer.from(canonicalJson(changed as unknown as Json)).toString('base64url')}.${signature}`;
}

export { NOW };
