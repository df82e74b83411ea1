/**
 * What it costs to verify a credential, beside what the signature alone costs on the same machine, and beside the two
 * libraries. One core, one run, all in turn: what else the machine does meets everybody alike.
 */
import { createPublicKey, verify } from 'node:crypto';
import { isOfType } from '#domain/credential/claims.js';
import { CREDENTIAL_TYPES, type CredentialType } from '#domain/credential/credential-type.js';
import { LIST_BITS, statusBit } from '#domain/credential/status-list.js';
import type { SignatureAlgorithm } from '#domain/trust/public-key.js';
import { ALGORITHMS, issuerOf, NOW, questionOf, sceneOf, SNAPSHOT } from '../tests/support/credential-maker.js';
import { didJwtVc, veramo, type LibraryVerifier } from '../tests/support/library-verifiers.js';
import { asciiBytes } from '../verifier/core/crypto-port.js';
import { CredentialMemory } from '../verifier/core/credential/credential-memory.js';
import type { CredentialQuestion } from '../verifier/core/credential/credential-verdict.js';
import { findKey } from '../verifier/core/credential/issuer-key.js';
import { judgeCredential } from '../verifier/core/credential/judge.js';
import { signatureOutcome } from '../verifier/core/credential/proof.js';
import { readCredential } from '../verifier/core/credential/reading.js';
import { expiryOutcome, notBeforeOutcome } from '../verifier/core/credential/time-checks.js';
import { nodeCrypto } from '../verifier/server/node-crypto.js';
import type { BenchRow } from './bench-row.js';

const DIFFERENT = 64;
const ROUNDS = 21;
const TRUST = questionOf(sceneOf('ES256')).trust;
const port = nodeCrypto();

interface Case {
  readonly jwt: string;
  readonly signed: Buffer;
  readonly signature: Buffer;
  readonly question: CredentialQuestion;
}

/** Different credentials of one issuer: of a class of graduates, or licences of different enterprises. */
function casesOf(type: CredentialType, algorithm: SignatureAlgorithm): readonly Case[] {
  return Array.from({ length: DIFFERENT }, (_, number) => {
    const made = sceneOf(algorithm, {
      type, disclosures: () => [],
      claims: (claims) => ({
        ...claims, id: `urn:uuid:0c9f6f6e-5a0b-4c5e-9d8e-${String(number).padStart(12, '0')}`,
        subjectClaims: isOfType(claims, 'ChemicalLicenceCredential') ? { ...claims.subjectClaims, number: `${number}/GP-HC` } : claims.subjectClaims,
      }),
    });
    const statuses = new Map(made.statuses.map((one) => [one.list, one]));
    const [record] = made.commitments;
    const question: CredentialQuestion = { ...questionOf(made), trust: TRUST, statusOf: (list) => statuses.get(list), commitmentOf: (root) => (record?.root === root ? { record } : 'unknown') };
    const jwt = made.text.slice(0, made.text.indexOf('#'));
    const dot = jwt.lastIndexOf('.');
    return { jwt, signed: Buffer.from(jwt.slice(0, dot)), signature: Buffer.from(jwt.slice(dot + 1), 'base64url'), question };
  });
}

interface Contender {
  readonly name: string;
  /** How often in one round. */
  readonly times: number;
  readonly run: (one: Case) => unknown;
}

/**
 * CPU time of one operation for each, in microseconds; in another order each round. Of all rounds the one at a quarter: what
 * else the machine does makes rounds slower, never faster.
 */
async function measured(contenders: readonly Contender[], cases: readonly Case[]): Promise<ReadonlyMap<string, number>> {
  const seen = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS + 2; round++) {
    for (const { name, times, run } of rotated(contenders, round)) {
      const from = process.cpuUsage();
      for (let each = 0; each < times; each++) await run(cases[each % DIFFERENT]!);
      const { user, system } = process.cpuUsage(from);
      if (round >= 2) seen.get(name)?.push((user + system) / times);
    }
  }
  return new Map([...seen].map(([name, values]) => [name, quarter(values)]));
}

const rotated = <T>(list: readonly T[], by: number): readonly T[] => [...list.slice(by % list.length), ...list.slice(0, by % list.length)];
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
const quarter = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 2] ?? 0;

function rawOf(type: CredentialType, algorithm: SignatureAlgorithm): Contender {
  const key = createPublicKey({ key: { ...issuerOf(type, algorithm).jwk }, format: 'jwk' });
  const hash = algorithm === 'ES256' ? 'sha256' : null;
  const options = { key, dsaEncoding: 'ieee-p1363' } as const;
  return { name: 'raw node:crypto verify', times: 500, run: ({ signed, signature }) => verify(hash, signed, options, signature) };
}

/** What the libraries answer too: strict reading, key, signature, claims, times. */
function tokenOf(): Contender {
  const { parts, ownKeys } = new CredentialMemory(0);
  const run = async ({ jwt }: Case): Promise<boolean> => {
    const reading = readCredential(jwt, parts);
    if ('unreadable' in reading) return false;
    const key = findKey(reading.claims.issuer, reading.keyId, reading.header, TRUST, ownKeys);
    if ('code' in key) return false;
    const { jws } = reading.text;
    const signed = asciiBytes(jwt.slice(0, jws.signedLength), port);
    const outcomes = [await signatureOutcome(signed, jws.signature, key.jwk, port), notBeforeOutcome(reading.claims, NOW), expiryOutcome(reading.claims, NOW)];
    return outcomes.every(({ result }) => result !== 'fail' && result !== 'unknown');
  };
  return { name: 'ours: the token', times: 500, run };
}

/** Everything: evidence and ledger entry, grants, three status bits, age of the copies. */
function judgementOf(): Contender {
  const memory = new CredentialMemory(0);
  return { name: 'ours: the whole judgement', times: 500, run: ({ question }) => judgeCredential(question, port, memory) };
}

const libraryOf = (name: string, takes: LibraryVerifier): Contender => ({ name, times: 16, run: ({ jwt }) => takes(jwt, NOW) });

async function verification(type: CredentialType, algorithm: SignatureAlgorithm): Promise<readonly BenchRow[]> {
  const cases = casesOf(type, algorithm);
  const contenders = [rawOf(type, algorithm), tokenOf(), judgementOf(), libraryOf('did-jwt-vc', didJwtVc(SNAPSHOT)), libraryOf('Veramo 7', veramo(SNAPSHOT))];
  for (const { name, run } of contenders) await mustTake(name, await run(cases[0]!));
  const found = await measured(contenders, cases);
  const raw = found.get(contenders[0]!.name) ?? 0;
  const about = `${CREDENTIAL_TYPES[type].nameEn}, ${algorithm}`;
  return [...found].flatMap(([name, value]) => [
    { name: `${about}: ${name}`, value, unit: 'µs CPU' },
    { name: `${about}: ${name}`, value: raw / value, unit: 'of raw' },
  ]);
}

/** A contender that refuses would be fast and worth nothing. */
async function mustTake(name: string, answer: unknown): Promise<void> {
  const took = answer === true || (typeof answer === 'object' && answer !== null && 'verdict' in answer && answer.verdict === 'verified');
  if (!took) throw new Error(`${name} does not take the credential: ${JSON.stringify(answer)}`);
}

/** The same credentials again, each time as a text that was just received. */
async function repeats(): Promise<readonly BenchRow[]> {
  const memory = new CredentialMemory();
  const cases = casesOf('DiplomaCredential', 'ES256').map(({ question }) => ({ question, bytes: Buffer.from(question.text) }));
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    for (let each = 0; each < 50_000; each++) {
      const { question, bytes } = cases[each % DIFFERENT]!;
      await judgeCredential({ text: bytes.toString('latin1'), trust: question.trust, statusOf: question.statusOf, commitmentOf: question.commitmentOf, now: question.now }, port, memory);
    }
    rates.push(50_000 / (performance.now() - from) * 1000);
  }
  return [{ name: 'the same credential again, median', value: median(rates), unit: 'per second' }, { name: 'the same credential again, best round', value: Math.max(...rates), unit: 'per second' }];
}

/** What people send who have no credential, from nonsense to tokens that look right until the end of the reading. */
function garbage(): Readonly<Record<string, string>> {
  const { text } = sceneOf('ES256');
  const [header = '', payload = '', rest = ''] = text.split('.');
  return {
    'a sentence': 'Xin chào, đây không phải là văn bằng. '.repeat(20),
    '64 KiB of one letter': 'a'.repeat(65_536),
    'more than 64 KiB': 'a'.repeat(1_000_000),
    'another JWT': `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.${payload}.${rest}`,
    'a header that brings its key': `${Buffer.from('{"alg":"ES256","jwk":{},"kid":"x","typ":"JWT"}').toString('base64url')}.${payload}.${rest}`,
    'a payload of random letters': `${header}.${'eyJ4'.repeat(400)}.${rest}`,
    'a payload of another vocabulary': `${header}.${Buffer.from(JSON.stringify({ aud: 'x', iss: 'did:web:a.example', vc: {} })).toString('base64url')}.${rest}`,
  };
}

async function rejections(): Promise<readonly BenchRow[]> {
  const question = questionOf(sceneOf('ES256'));
  const memory = new CredentialMemory();
  const rows: BenchRow[] = [];
  for (const [name, text] of Object.entries(garbage())) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const from = process.cpuUsage();
      for (let each = 0; each < 3_000; each++) await judgeCredential({ ...question, text }, port, memory);
      const { user, system } = process.cpuUsage(from);
      times.push((user + system) / 3_000);
    }
    rows.push({ name: `rejected: ${name}`, value: quarter(times), unit: 'µs CPU' });
  }
  return rows;
}

function statusBits(): readonly BenchRow[] {
  const lists = Array.from({ length: 8 }, () => new Uint8Array(LIST_BITS / 8).map((_, at) => at * 31));
  const count = 8 * LIST_BITS;
  const times: number[] = [];
  let set = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const from = performance.now();
    for (let each = 0; each < count; each++) {
      const place = Math.imul(each, 0x9e3779b1) >>> 12; // all over the million, in no order
      if (statusBit(lists[place >>> 17]!, place & (LIST_BITS - 1))) set++;
    }
    times.push((performance.now() - from) / count * 1e6);
  }
  if (set === 0) throw new Error('no bit was read');
  return [{ name: `status bit among ${count.toLocaleString('en-US')}`, value: median(times), unit: 'ns' }];
}

/** Verification of two types under both algorithms, repeats, rejections, status bits. */
export async function bench(): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const type of ['DiplomaCredential', 'ChemicalLicenceCredential'] as const) {
    for (const algorithm of ALGORITHMS) rows.push(...await verification(type, algorithm));
  }
  return [...rows, ...await repeats(), ...await rejections(), ...statusBits()];
}
