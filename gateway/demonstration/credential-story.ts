/** The demonstration's credentials, told through the APIs of gateway and issuer: rights first, then what is issued by them. */
import { TEA_MAKER, type CastMember } from './cast.js';
import { BUSINESS_REGISTRAR, CLASS_FACTS, CLASS_TABLE, CREDENTIAL_CAST, ENTERPRISE_NUMBERS, ISSUERS, MINISTRY, PLASTICS, PROVINCE, UNIVERSITY } from './credential-cast.js';
import type { ApiCaller, DemonstrationApi } from './api-caller.js';

/** Callers of the issuer, beside those of the gateway. */
export interface CredentialApi extends DemonstrationApi {
  /** The issuer, asked with the gateway's operator key. */
  readonly issuerOperator: ApiCaller;
  issuerWithKey(key: string): ApiCaller;
  /** Waits a moment before it is asked again whether a job is done. */
  pause(): Promise<void>;
}

/** What there is to try: links as they stand in the QR codes. */
export interface CredentialLandmarks {
  readonly apiKeys: Readonly<Record<string, string>>;
  readonly dids: Readonly<Record<string, string>>;
  readonly batch: string;
  readonly licenceCredential: string;
  readonly diploma: string;
  readonly correctedDiploma: string;
  readonly supersededDiploma: string;
  readonly revokedDiploma: string;
  readonly suspendedDiploma: string;
  readonly licence: string;
  readonly identity: string;
}

const UNTIL = '2035-12-31T16:59:59Z';
const FICTIONAL = { fictional: 'yes' } as const;

/** One who prepares and one who approves: nobody issues a class alone. */
const APPROVER = 'nguoi-duyet';

export async function tellCredentials(api: CredentialApi, onStep: (text: string) => void): Promise<CredentialLandmarks> {
  onStep('credentials: issuers, their keys and rights');
  const apiKeys = await foundIssuers(api);
  const dids = await makeDids(api);
  await giveRights(api, apiKeys, dids);
  const as = (member: CastMember): ApiCaller => api.issuerWithKey(apiKeys[member.id] ?? '');
  onStep('credentials: an enterprise identity and a chemical licence');
  const identity = await issue(as(BUSINESS_REGISTRAR), identityOf(dids));
  const licence = await issue(as(PROVINCE), licenceOf(dids));
  onStep('credentials: a graduating class, prepared by one and approved by another');
  const graduates = await issueClass(api, as(UNIVERSITY), api.issuerWithKey(apiKeys[APPROVER] ?? ''), dids[UNIVERSITY.id] ?? '');
  const diplomas = await changeDiplomas(as(UNIVERSITY), graduates, dids[UNIVERSITY.id] ?? '');
  return { apiKeys, dids, batch: graduates.batch, licenceCredential: licence.id, ...diplomas, licence: licence.link, identity: identity.link };
}

async function foundIssuers(api: CredentialApi): Promise<Record<string, string>> {
  const apiKeys: Record<string, string> = {};
  for (const member of CREDENTIAL_CAST) {
    await api.operator.post('/v1/organisations', { ...member, ...FICTIONAL });
    apiKeys[member.id] = await keyOf(api, member, 'demonstration');
  }
  apiKeys[APPROVER] = await keyOf(api, UNIVERSITY, 'approver');
  return apiKeys;
}

async function keyOf(api: CredentialApi, member: CastMember, label: string): Promise<string> {
  const { text } = await api.operator.post(`/v1/organisations/${member.id}/api-keys`, { label });
  return String(text);
}

async function makeDids({ issuerOperator }: CredentialApi): Promise<Record<string, string>> {
  const dids: Record<string, string> = {};
  for (const organisation of [...ISSUERS.map((member) => member.id), ...Object.keys(ENTERPRISE_NUMBERS)]) {
    const { did } = await issuerOperator.post('/v1/dids', { organisation });
    dids[organisation] = String(did);
  }
  return dids;
}

/** The ministry holds the right for all licences and gives a part of it on; the others hold theirs from the registrar. */
async function giveRights(api: CredentialApi, apiKeys: Readonly<Record<string, string>>, dids: Readonly<Record<string, string>>): Promise<void> {
  const root = (id: string, member: CastMember, credentialType: string, rest: object): Promise<unknown> => api.operator.post('/v1/trust/grants', {
    id, grantee: dids[member.id], actions: ['issue', 'revoke', 'suspend'], credentialType, until: UNTIL, depth: 0, legalBasis: 'Trình diễn · demonstration', ...rest,
  });
  await root('UQ-HOA-CHAT', MINISTRY, 'ChemicalLicenceCredential', { actions: ['issue', 'accredit', 'revoke', 'suspend'], depth: 1, scope: { provinces: 'all', substances: 'all' } });
  await root('UQ-VAN-BANG', UNIVERSITY, 'DiplomaCredential', { scope: { provinces: ['01'] } });
  await root('UQ-DOANH-NGHIEP', BUSINESS_REGISTRAR, 'EnterpriseIdentityCredential', { scope: { provinces: 'all' } });
  await api.withKey(apiKeys[MINISTRY.id] ?? '').post('/v1/trust/grants', {
    id: 'UQ-HOA-CHAT-79', parent: 'UQ-HOA-CHAT', grantee: dids[PROVINCE.id], actions: ['issue', 'revoke', 'suspend'], credentialType: 'ChemicalLicenceCredential',
    scope: { provinces: ['79'], substances: ['acetone'] }, until: UNTIL, depth: 0, legalBasis: 'Quyết định phân cấp (mô phỏng)',
  });
}

const CONTEXTS = ['https://www.w3.org/2018/credentials/v1', 'https://minhchung.example/contexts/credentials/v1'];

interface Issued {
  readonly id: string;
  readonly link: string;
}

async function issue(issuer: ApiCaller, credential: object, options?: object): Promise<Issued> {
  const { credentialId, link } = await issuer.post('/credentials/issue', { credential: { '@context': CONTEXTS, ...credential }, ...(options === undefined ? {} : { options }) });
  return { id: String(credentialId), link: String(link) };
}

function identityOf(dids: Readonly<Record<string, string>>): object {
  return {
    type: ['VerifiableCredential', 'EnterpriseIdentityCredential'], issuer: dids[BUSINESS_REGISTRAR.id], expirationDate: '2031-12-31T16:59:59Z',
    credentialSubject: {
      id: dids[TEA_MAKER.id], enterpriseNumber: ENTERPRISE_NUMBERS[TEA_MAKER.id], organisation: TEA_MAKER.id, name: TEA_MAKER.name, nameEn: TEA_MAKER.nameEn,
      address: TEA_MAKER.address, province: TEA_MAKER.province, gs1Prefixes: [TEA_MAKER.prefix], ...FICTIONAL,
    },
  };
}

/** Group 2 is licensed by the province. It stands on the ledger by the same act, and pays for purchases from then on. */
function licenceOf(dids: Readonly<Record<string, string>>): object {
  return {
    type: ['VerifiableCredential', 'ChemicalLicenceCredential'], issuer: dids[PROVINCE.id], expirationDate: '2030-12-31T16:59:59Z',
    credentialSubject: {
      id: dids[PLASTICS.id], number: '12/GP-HC', authority: { organisation: PROVINCE.id, name: PROVINCE.name, nameEn: PROVINCE.nameEn },
      holder: { organisation: PLASTICS.id, enterpriseNumber: ENTERPRISE_NUMBERS[PLASTICS.id], name: PLASTICS.name, nameEn: PLASTICS.nameEn },
      lines: [{ line: '1', substance: 'acetone', least: '5', most: '100', perYear: '25', site: { address: PLASTICS.address, province: PLASTICS.province }, group: '2' }], ...FICTIONAL,
    },
  };
}

interface Graduates {
  readonly batch: string;
  readonly credentials: readonly Issued[];
}

async function issueClass(api: CredentialApi, preparer: ApiCaller, approver: ApiCaller, did: string): Promise<Graduates> {
  const query = new URLSearchParams({ did, ...CLASS_FACTS });
  const { id } = await preparer.upload(`/v1/batches?${query.toString()}`, Buffer.from(CLASS_TABLE, 'utf8'), 'text/csv');
  await approver.post(`/v1/batches/${String(id)}/approval`, {});
  for (;;) {
    const { state, problem } = await preparer.get(`/v1/batches/${String(id)}`);
    if (state === 'issued') break;
    if (state === 'refused' || state === 'stopped' || state === 'cancelled') throw new Error(`the class is ${state}: ${JSON.stringify(problem)}`);
    await api.pause();
  }
  const { credentials } = await preparer.get(`/v1/batches/${String(id)}/credentials`) as unknown as { credentials: readonly { credentialId: string }[] };
  return { batch: String(id), credentials: await Promise.all(credentials.map(async (one) => linked(preparer, one.credentialId))) };
}

async function linked(caller: ApiCaller, id: string): Promise<Issued> {
  const { link } = await caller.get(`/credentials/${id}`);
  return { id, link: String(link) };
}

type Diplomas = Pick<CredentialLandmarks, 'diploma' | 'correctedDiploma' | 'supersededDiploma' | 'revokedDiploma' | 'suspendedDiploma'>;

/** One stays as it is, one is corrected, one revoked, one suspended. */
async function changeDiplomas(university: ApiCaller, { credentials }: Graduates, did: string): Promise<Diplomas> {
  const [kept, wrong, revoked, suspended] = credentials as readonly [Issued, Issued, Issued, Issued];
  const change = (credential: Issued, statusPurpose: string): Promise<unknown> => university.post('/credentials/status', {
    credentialId: credential.id, credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose }, status: true,
  });
  await change(revoked, 'revocation');
  await change(suspended, 'suspension');
  const corrected = await issue(university, correctionOf(did, wrong.id));
  return { diploma: kept.link, correctedDiploma: corrected.link, supersededDiploma: wrong.link, revokedDiploma: revoked.link, suspendedDiploma: suspended.link };
}

/** The name was spelt wrong. */
function correctionOf(did: string, credential: string): object {
  const { graduates: _graduates, graduationYear, ...facts } = CLASS_FACTS;
  return {
    type: ['VerifiableCredential', 'DiplomaCredential'], issuer: did,
    credentialSubject: {
      institution: { organisation: UNIVERSITY.id, name: UNIVERSITY.name, nameEn: UNIVERSITY.nameEn, province: UNIVERSITY.province },
      ...facts, graduationYear: Number(graduationYear), assurance: 'native', replaces: { credential, decisionNumber: '41/QĐ-ĐHSH' }, ...FICTIONAL,
      fullName: 'Trần Văn Mẫn', dateOfBirth: '2003-11-17', serialNumber: 'SH-26-0002B', registerNumber: '2026/002B', classification: 'good',
    },
  };
}
