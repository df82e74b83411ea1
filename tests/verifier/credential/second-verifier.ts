/**
 * A verifier that shares nothing with the one under test: other curves (@noble), its own reading of base64url and JSON, its
 * own rules. Of this repository it knows what the public knows: published schemas, provinces, substances, and the register.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { createHash } from 'node:crypto';

type Json = unknown;
type Members = Readonly<Record<string, Json>>;
type By<T> = Readonly<Record<string, T>>;

/** The first three by type of credential. */
export interface PublicKnowledge { readonly schemas: By<unknown>; readonly schemaDigests: By<string>; readonly maxAgeMs: By<number>; readonly provinces: readonly string[]; readonly substances: readonly string[] }
interface List { readonly list: string; readonly purpose: string; readonly issuer: string; readonly validFrom: number; readonly validUntil: number; readonly bits: Uint8Array }
export interface Surroundings { readonly text: string; readonly snapshot: unknown; readonly statuses: readonly List[]; readonly commitments: readonly unknown[]; readonly ledger: string; readonly now: number }

class Refused extends Error {}
/** Refuses unless everything is `true`. */
function must(...conditions: readonly unknown[]): void {
  if (conditions.some((one) => one !== true)) throw new Refused();
}

/** @returns whether the credential may be relied on */
export function accepts(around: Surroundings, knowledge: PublicKnowledge): boolean {
  try {
    judge(around, knowledge);
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
  return true;
}

const TEXT = /^([\w-]{1,1024})\.([\w-]+)\.([\w-]{86})((?:~[\w-]{1,1024}){1,16}~)?#([\w-]+)$/;

function judge({ text, snapshot, statuses, commitments, ledger, now }: Surroundings, knowledge: PublicKnowledge): void {
  const found = TEXT.exec(text.slice(0, 65_537));
  if (found === null || text.length > 65_536) throw new Refused();
  const [, header, body, signature, shown, behind] = found as unknown as [string, string, string, string, string | undefined, string];
  const { alg, kid, typ } = exactly(parse(header, false), 'alg,kid,typ');
  const payload = members(parse(body, true));
  const [{ type, subject }, issuer, id, proof] = [checkPayload(payload, knowledge), String(payload['iss']), sha256(String(payload['jti'])).toString('hex'), members(parse(behind, true))];
  must(typ === 'JWT', reads(kid, /^[^#]*#[\w.-]{1,64}$/), String(kid).startsWith(`${issuer}#`));
  const register = JSON.parse(JSON.stringify(snapshot)) as Register;
  const iat = Number(payload['iat']) * 1000;
  const recorded = ledgerTime(text.slice(0, header.length + body.length + 88), proof, issuer, ledger === 'silent' ? [] : commitments);
  const near = Math.abs(recorded - iat) <= 60_000;
  const key = keyOf(register, String(kid), near ? [iat, recorded] : [iat], recorded);
  must(alg === (key.crv === 'P-256' ? 'ES256' : 'EdDSA'), isSigned(key, Buffer.from(`${header}.${body}`), bytes(signature)));
  const rights = { register, type, scope: scopeOf(subject), issuer };
  must(...(near ? [recorded] : [recorded, iat]).map((at) => mayDo(issuer, 'issue', at, rights)), [undefined, didOf(register, issuer)?.organisation].some((one) => one === namedIn(subject)));
  must(!register.revocations.some((one) => one.issuer === issuer && one.credential === id && ms(one.revokedAt) <= ms(register.knownAt) && mayDo(one.did, 'revoke', ms(one.revokedAt), rights)), !register.licences.some((one) => one.did === issuer && isOf(one, payload['jti'], subject, proof) && isEnded(one, register, now)));
  checkDisclosures(shown, subject['_sd']);
  const ages = [ms(register.knownAt), ...array(members(payload['vc'])['credentialStatus']).map((entry) => checkStatus(members(entry), statuses, rights, now))].map((at) => now - at);
  must(...ages.map((age) => age >= -900_000 && age <= Number(knowledge.maxAgeMs[type])), Number(payload['nbf']) * 1000 <= now + 60_000, now < Number(payload['exp'] ?? 1e12) * 1000);
}

/** @returns when the list was signed */
function checkStatus({ statusListCredential, statusListIndex, statusPurpose }: Members, statuses: readonly List[], rights: Rights, now: number): number {
  const list = statuses.find((one) => one.list === statusListCredential && one.purpose === statusPurpose);
  if (list === undefined) throw new Refused();
  must(now < list.validUntil, list.bits.length === 16_384, isOfRight(list, rights), !isSet(list.bits, Number(statusListIndex)));
  return list.validFrom;
}
const isSet = (bits: Uint8Array, index: number): boolean => (Number(bits[index >> 3]) & (128 >> (index & 7))) !== 0;
const isOfRight = ({ issuer, purpose }: List, rights: Rights): boolean => issuer === rights.issuer || mayDo(issuer, purpose === 'suspension' ? 'suspend' : 'revoke', ms(rights.register.knownAt), { ...rights, ever: true });

const isOf = (one: Ending, id: Json, { number }: Members, { root, count }: Members): boolean => number !== undefined && (`urn:uuid:${one.licence}` === id || (one.root === root && (count === 1 || one.number === number)));
const isEnded = ({ revocation, suspension }: Ending, { knownAt }: Register, now: number): boolean => [revocation, suspension].some((one) => ms(one?.at) <= ms(knownAt) && (one?.from ?? '') <= new Date(now + 25_200_000).toISOString().slice(0, 10));
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
function bytes(text: string): Uint8Array {
  const bits = Array.from(text, (letter) => LETTERS.indexOf(letter).toString(2).padStart(6, '0')).join('');
  const spare = bits.length % 8;
  must(/^[\w-]*$/.test(text), spare < 6, !bits.slice(bits.length - spare).includes('1'));
  return Uint8Array.from({ length: (bits.length - spare) / 8 }, (_, at) => parseInt(bits.slice(8 * at, 8 * at + 8), 2));
}
const TOKENS = /[[\]{},:]|"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\["\\bfnrt]|\\u00(?:0[0-7bef]|1[0-9a-f]))*"|true|false|null|-?(?:0|[1-9][0-9]{0,15})(?![0-9.eE])/gu;

/** Canonical JSON without fractions, in base64url of UTF-8; with `sorted`, members in order. */
function parse(section: string, sorted: boolean): Json {
  const text = Buffer.from(bytes(section)).toString();
  const tokens = text.match(TOKENS) ?? [];
  let at = 0;
  const value = (depth: number): Json => {
    const token = tokens[at++] ?? ',';
    must(depth <= 32, !/^[\]},:]/.test(token));
    if (token === '[' || token === '{') return token === '[' ? list(depth) : object(depth);
    const read: unknown = JSON.parse(token);
    must(token !== '-0', typeof read !== 'number' || Number.isSafeInteger(read), typeof read !== 'string' || read.isWellFormed());
    return read;
  };
  const each = (end: string, one: () => unknown): void => {
    if (tokens[at] === end) at++;
    else for (let next: string | undefined = ','; next !== end; next = tokens[at++]) must(next === ',', one());
  };
  const list = (depth: number): Json[] => {
    const all: Json[] = [];
    each(']', () => all.push(value(depth + 1)) > 0);
    return all;
  };
  const object = (depth: number): Members => {
    const found = new Map<string, Json>();
    each('}', () => {
      const [token = '', colon] = tokens.slice(at, at += 2);
      must(token.startsWith('"'), colon === ':');
      const name = JSON.parse(token) as string;
      must(!found.has(name), !sorted || name >= ([...found.keys()].at(-1) ?? ''), name.isWellFormed());
      return found.set(name, value(depth + 1)).has(name);
    });
    return Object.fromEntries(found);
  };
  const whole = value(0);
  must(Buffer.from(text).equals(bytes(section)), tokens.join('') === text, at === tokens.length);
  return whole;
}
function members(value: Json): Members {
  must(typeof value === 'object', value !== null, !Array.isArray(value));
  return value as Members;
}
function array(value: Json): Json[] {
  must(Array.isArray(value));
  return value as Json[];
}
function exactly(value: Json, names: string): Members {
  must(Object.keys(members(value)).sort().join() === names);
  return members(value);
}

const DID = /^did:(?:web:(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?(?:%3A[1-9][0-9]{0,4})?(?::(?!\.{1,2}(?:$|:))[a-z0-9._-]{1,63}){0,8}|key:z[1-9A-HJ-NP-Za-km-z]{46,48}|jwk:[\w-]+)$/;
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const LIST = /^(?!.{301}|.*\.\.)(?:https:\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?|http:\/\/(localhost|127\.0\.0\.1))(:[1-9][0-9]{0,4})?(\/[A-Za-z0-9][\w.-]{0,63}){1,8}$/;
const reads = (value: Json, pattern: RegExp): boolean => typeof value === 'string' && value.length <= 400 && pattern.test(value);

function checkPayload(payload: Members, knowledge: PublicKnowledge): { type: string; subject: Members } {
  const vc = exactly(payload['vc'], '@context,credentialSchema,credentialStatus,credentialSubject,type');
  const type = String(array(vc['type'])[1]);
  must(JSON.stringify(vc['type']) === JSON.stringify(['VerifiableCredential', type]), Object.hasOwn(knowledge.schemas, type));
  must(JSON.stringify(vc['@context']) === '["https://www.w3.org/2018/credentials/v1","https://minhchung.example/contexts/credentials/v1"]');
  checkClaims(payload, type);
  const schema = members(knowledge.schemas[type]);
  must(JSON.stringify(vc['credentialSchema']) === JSON.stringify({ digest: knowledge.schemaDigests[type], id: schema['$id'], type: 'JsonSchema' }));
  const entries = array(vc['credentialStatus']).map((entry) => exactly(entry, 'id,statusListCredential,statusListIndex,statusPurpose,type'));
  must(entries.map((one) => one['statusPurpose']).join() === 'revocation,suspension,refresh', new Set(entries.map((one) => one['statusListCredential'])).size === 3);
  for (const { id, statusListCredential: url, statusListIndex: index, type: kind } of entries) {
    must(reads(url, LIST), reads(index, /^(0|[1-9]\d{0,5})$/), Number(index) < 131_072, id === `${String(url)}#${String(index)}`, kind === 'BitstringStatusListEntry');
  }
  const subject = members(vc['credentialSubject']);
  fits(subject, members(members(schema['properties'])['credentialSubject']));
  checkMeaning(subject, payload['jti'], knowledge);
  return { type, subject };
}
function checkClaims(payload: Members, type: string): void {
  const isDiploma = type === 'DiplomaCredential';
  const { iss, sub, jti, iat, nbf, exp, _sd_alg: algorithm } = exactly(payload, isDiploma ? '_sd_alg,iat,iss,jti,nbf,sub,vc' : 'exp,iat,iss,jti,nbf,sub,vc');
  const end = isDiploma ? 253_402_300_800 : Number(exp);
  must(reads(iss, DID), reads(jti, UUID), algorithm === (isDiploma ? 'sha-256' : undefined), reads(sub, DID) || (type !== 'EnterpriseIdentityCredential' && reads(sub, UUID)));
  must(...[iat, nbf, isDiploma ? 1 : exp].map((time) => typeof time === 'number' && time > 0 && time <= 253_402_300_799), Number(iat) <= Number(nbf), Number(nbf) < end);
}
/** As much of JSON Schema as the published schemas use. */
function fits(value: Json, { type, enum: words, ...rules }: Members): void {
  must(words === undefined || array(words).includes(value));
  CHECKS[String(type)]?.(value, rules);
}
const inside = (size: number, least: Json, most: Json): boolean => size >= Number(least ?? 0) && size <= Number(most ?? 1e9);
const CHECKS: By<(value: Json, rules: Members) => void> = {
  string: (value, { pattern, minLength, maxLength }) => must(typeof value === 'string', inside(String(value).length, minLength, maxLength), new RegExp(typeof pattern === 'string' ? pattern : '', 'u').test(String(value)), String(value).normalize('NFC') === value),
  integer: (value, { minimum, maximum }) => must(typeof value === 'number', inside(Number(value), minimum, maximum)),
  array: (value, { items, minItems, maxItems, uniqueItems }) => {
    must(inside(array(value).length, minItems, maxItems), uniqueItems !== true || new Set(array(value)).size === array(value).length);
    for (const one of array(value)) fits(one, members(items));
  },
  object: (value, { properties, required }) => {
    must(...array(required).map((name) => Object.hasOwn(members(value), String(name))), ...Object.keys(members(value)).map((name) => Object.hasOwn(members(properties), name)));
    for (const [name, member] of Object.entries(members(value))) fits(member, members(members(properties)[name]));
  },
};

/** What the schemas cannot say. */
function checkMeaning({ lines = [], gs1Prefixes = [], replaces = {}, _sd: digests = [], ...subject }: Members, jti: Json, { provinces, substances }: PublicKnowledge): void {
  const parts = [subject, members(subject['holder'] ?? {}), members(subject['institution'] ?? {}), ...array(lines).map((line) => members(members(line)['site']))];
  must(...parts.map(({ province = '01' }) => provinces.includes(String(province))), ...parts.map(({ enterpriseNumber }) => numberFits(enterpriseNumber, subject['fictional'])));
  must(...array(lines).map(members).map(({ substance, least, most }) => substances.includes(String(substance)) && Number(least) <= Number(most)));
  must(new Set(array(lines).map((line) => members(line)['line'])).size === array(lines).length, members(replaces)['credential'] !== jti);
  const prefixes = array(gs1Prefixes).map(String);
  must(...prefixes.map((one, at) => !prefixes.some((other, place) => place !== at && other.startsWith(one)) && (one.length === 12 || !/^0000(0|$)/.test(one))));
  const { issueDate = '2026-01-01', graduationYear = 1 } = subject;
  must(isDay(String(issueDate)), Number(String(issueDate).slice(0, 4)) >= Number(graduationYear), ...array(digests).map((one, at, all) => at === 0 || String(all[at - 1]) < String(one)));
}
function numberFits(number: Json, fictional: Json): boolean {
  if (typeof number !== 'string') return true;
  const sum = [31, 29, 23, 19, 17, 13, 7, 5, 3].reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return (10 - (sum % 11) === Number(number[9])) === (fictional === undefined);
}
const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
const namedIn = (subject: Members): Json => members(subject['institution'] ?? subject['authority'] ?? {})['organisation'];
interface Scope { readonly provinces: readonly string[] | string; readonly substances?: readonly string[] | string }
function scopeOf({ lines = [], province, institution }: Members): Scope {
  if (array(lines).length === 0) return { provinces: [String(province ?? members(institution)['province'])], substances: [] };
  return { provinces: array(lines).map((line) => String(members(members(line)['site'])['province'])), substances: array(lines).map((line) => String(members(line)['substance'])) };
}
const NUMBER = /^(?!.{41})[\p{Script=Latin}0-9][\p{Script=Latin}0-9./-]*( [\p{Script=Latin}0-9./-]+)*$/u;
const VALUES: By<(value: string) => boolean> = {
  fullName: (value) => /^(?!.{101})(?!.*[ÐƉðɖ])\p{Script=Latin}[\p{Script=Latin}\p{M}.,'’-]*( [\p{Script=Latin}\p{M}.,'’-]+)*$/u.test(value),
  dateOfBirth: (value) => isDay(value) && value >= '1880',
  serialNumber: (value) => NUMBER.test(value), registerNumber: (value) => NUMBER.test(value),
  classification: (value) => ['excellent', 'very-good', 'good', 'fairly-good', 'average', 'pass'].includes(value),
};
function checkDisclosures(text = '', digests: Json): void {
  const shown = text.split('~').filter((one) => one !== '');
  const all = shown.map((disclosure) => array(parse(disclosure, false)));
  must(new Set(all.map(([, name]) => name)).size === all.length, ...shown.map((disclosure) => array(digests).includes(sha256(disclosure).toString('base64url'))));
  for (const [salt, name, value, ...rest] of all) must(rest.length === 0, reads(salt, /^[\w-]{21}[AQgw]$/), typeof value === 'string', String(value).normalize('NFC') === value, VALUES[String(name)]?.(String(value)));
}
const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
interface Jwk { readonly crv: string; readonly x: string; readonly y?: string }
interface Key { readonly crv: string; readonly point: Uint8Array }
const keyIn = ({ crv, x, y = '' }: Jwk): Key => ({ crv, point: crv === 'P-256' ? Uint8Array.of(4, ...bytes(x), ...bytes(y)) : bytes(x) });
function isSigned({ crv, point }: Key, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    if (crv === 'P-256') return p256.verify(signature, message, point, { lowS: true, prehash: true, format: 'compact' });
    return !ed25519.Point.fromBytes(point, false).isSmallOrder() && ed25519.verify(signature, message, point, { zip215: false });
  } catch {
    return false; // noble throws for what is no key and no signature
  }
}

/** When the ledger recorded it. */
function ledgerTime(jwt: string, behind: Json, issuer: string, commitments: readonly unknown[]): number {
  const { root, salt, index, count, path } = exactly(behind, 'count,index,path,root,salt');
  must(reads(salt, /^[\w-]{22}$/), typeof index === 'number', typeof count === 'number', Number(index) >= 0, Number(index) < Number(count), Number(count) <= 1_000_000, ...array(path).map((one) => reads(one, /^[0-9a-f]{64}$/)));
  let node = sha256(Uint8Array.of(0), bytes(String(salt)), sha256(jwt));
  const siblings = array(path).map((one) => Buffer.from(String(one), 'hex'));
  for (let at = Number(index), wide = Number(count); wide > 1; at >>= 1, wide = (wide + 1) >> 1) {
    if (at % 2 === 0 && at === wide - 1) continue;
    const sibling = siblings.shift() ?? Buffer.alloc(0);
    node = at % 2 === 0 ? sha256(Uint8Array.of(1), node, sibling) : sha256(Uint8Array.of(1), sibling, node);
  }
  const record = (commitments as readonly Members[]).find((one) => one['root'] === root);
  must(siblings.length === 0, node.toString('hex') === root, record?.['did'] === issuer, record?.['count'] === count);
  return ms(String(record?.['committedAt']));
}
interface Withdrawable { readonly withdrawn?: Withdrawn; readonly withdrawnBefore?: Withdrawn[] }
interface Withdrawn { at: string; effect: string; since?: string }
interface End { to?: string; reason?: string; compromisedSince?: string; retiredAt?: string }
interface Grant extends Withdrawable { id: string; grantor: string; grantee: string; parent?: string; actions: string[]; credentialType: string; scope: Scope; from: string; until: string; depth: number; grantedAt: string }
interface Identifier extends Withdrawable { did: string; organisation: string; registeredAt: string }
interface Signing extends End { did: string; keyId: string; algorithm: string; publicKeyJwk: Jwk; from: string; registeredAt: string; endedBefore?: End[] }
interface Register { readonly knownAt: string; readonly dids: readonly Identifier[]; readonly keys: readonly Signing[]; readonly grants: readonly Grant[]; readonly revocations: readonly { issuer: string; credential: string; did: string; revokedAt: string }[]; readonly licences: readonly Ending[] }
type Ending = Readonly<Record<'licence' | 'number' | 'did' | 'root', string> & Partial<Record<'revocation' | 'suspension', { at: string; from?: string }>>>;
interface Rights { readonly register: Register; readonly type: string; readonly scope: Scope; readonly issuer: string; /** Nothing may have been withdrawn, at any time. */ readonly ever?: true }
const ms = (instant = ''): number => Date.parse(instant);
const didOf = ({ dids }: Register, name: string): Identifier | undefined => dids.find((one) => one.did === name);

function keyOf(register: Register, kid: string, claimed: readonly number[], recorded: number): Key {
  const [issuer = '', keyId] = kid.split('#');
  if (!issuer.startsWith('did:web:')) {
    must(claimed.some((at) => at >= Math.floor(ms(didOf(register, issuer)?.registeredAt) / 1000) * 1000));
    return ownKey(issuer.slice(8), String(keyId), issuer.startsWith('did:jwk:'));
  }
  const key = register.keys.find((one) => one.did === issuer && one.keyId === keyId);
  if (key === undefined) throw new Refused();
  const ends = [...(key.endedBefore ?? []), key].filter((end) => ms(end.retiredAt) <= ms(register.knownAt));
  must(ms(key.registeredAt) <= ms(register.knownAt), key.algorithm === (key.publicKeyJwk.crv === 'P-256' ? 'ES256' : 'EdDSA'), claimed.some((at) => at >= ms(key.from) && ends.every((end) => at < ms(end.to))));
  must(...ends.filter((end) => end.reason === 'compromised').map((end) => Math.max(recorded, Math.min(...claimed)) < ms(end.compromisedSince)));
  return keyIn(key.publicKeyJwk);
}
function ownKey(id: string, keyId: string, isJwk: boolean): Key {
  if (isJwk) return keyIn(JSON.parse(keyId === '0' ? Buffer.from(bytes(id)).toString() : '{"x":"*"}') as Jwk);
  const hex = Array.from(id.slice(1)).reduce((number, digit) => number * 58n + BigInt('123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'.indexOf(digit)), 0n).toString(16);
  must(keyId === id, /^(8024(02|03)[0-9a-f]{64}|ed01[0-9a-f]{64})$/.test(hex));
  return { crv: hex.startsWith('8024') ? 'P-256' : 'Ed25519', point: Uint8Array.from(Buffer.from(hex.slice(4), 'hex')) };
}

function stands({ withdrawn, withdrawnBefore = [] }: Withdrawable, at: number, { register, ever }: Rights): boolean {
  const told = [...withdrawnBefore, ...(withdrawn === undefined ? [] : [withdrawn])].filter((one) => ms(one.at) <= ms(register.knownAt));
  const from: By<(one: Withdrawn) => number> = { 'from-now': (one) => ms(one.at), since: (one) => ms(one.since), 'from-beginning': () => -Infinity };
  return !told.some((one) => ever === true || Number(from[one.effect]?.(one)) <= at);
}
const within = (some: string | readonly string[] = [], of: string | readonly string[] = []): boolean => of === 'all' || (some !== 'all' && Array.from(some).every((one) => of.includes(one)));
const covers = (outer: Scope, inner: Scope): boolean => within(inner.provinces, outer.provinces) && within(inner.substances, outer.substances);

/** Whether some chain of grants allows it. */
function mayDo(who: string, action: string, at: number, rights: Rights): boolean {
  const isMine = (grant: Grant): boolean => grant.grantee === who && grant.actions.includes(action) && grant.credentialType === rights.type && covers(grant.scope, rights.scope);
  return rights.register.grants.some((grant) => isMine(grant) && isGood(grant, 1, at, rights));
}

function isGood(grant: Grant, length: number, at: number, rights: Rights): boolean {
  const [known, holder] = [ms(rights.register.knownAt), didOf(rights.register, grant.grantee)];
  const stand = [ms(grant.from) <= at, at < ms(grant.until), ms(grant.grantedAt) <= known, ms(holder?.registeredAt) <= known, stands(grant, at, rights), stands(holder ?? {}, at, rights), length <= 4];
  if (stand.includes(false)) return false;
  const parent = rights.register.grants.find((one) => one.id === grant.parent);
  return parent === undefined ? grant.parent === undefined : isNarrower(grant, parent, rights.register) && isGood(parent, length + 1, at, rights);
}

function isNarrower(grant: Grant, parent: Grant, register: Register): boolean {
  const window = ms(grant.from) >= ms(parent.from) && ms(grant.until) <= ms(parent.until) && grant.depth < parent.depth && parent.credentialType === grant.credentialType;
  return window && within(['accredit', ...grant.actions], parent.actions) && covers(parent.scope, grant.scope) && didOf(register, parent.grantee)?.organisation === grant.grantor;
}
