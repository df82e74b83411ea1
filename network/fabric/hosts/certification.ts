/**
 * Certificates for nodes on another machine than their organisation's authorities: the keys are made where they are used,
 * requests travel to the authorities and certificates back.
 */
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Problem } from '#domain/errors.js';
import { matching, object, oneOf, text, type Parsed, type Shape } from '#domain/shape.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { writeDurably } from '../../enrolment/identity-files.js';
import { certificationRequest, newPrivateKey } from '../../enrolment/make-certification-request.js';
import { holdsAuthorities, openAuthorities, writeMsp } from '../certificates.js';
import type { HostFolder, NetworkFolder } from '../network-folder.js';
import { expectRestarts } from '../pending-restarts.js';
import { placeCertified } from '../server-folders.js';
import { serversOf } from '../server-order.js';
import { ordererName, peerName, type Topology } from '../topology.js';
import { assertRoot, certificatePem } from './certificate-checks.js';
import { organisationIn, planFingerprint } from './host-plan.js';
import { keyPlaces, NODE_KINDS, type KeyPlace, type NodeKind } from './key-places.js';
import { assertSamePlan, LONGEST_FILE, strictly } from './public-part.js';

const REQUESTS_FILE = 'minhchung certificate requests';
export const CERTIFICATES_FILE = 'minhchung certificates';
const ONE_REQUEST = /^-----BEGIN CERTIFICATE REQUEST-----\n[A-Za-z0-9+/=\n]{1,8000}-----END CERTIFICATE REQUEST-----\n$/;

const head = { plan: matching(/^[0-9a-f]{64}$/, 'SHA-256 in hexadecimal'), mspId: text(64), node: oneOf(...NODE_KINDS) };
const untouched: Shape<unknown> = (value) => value;
const requestsShape = object({ file: oneOf(REQUESTS_FILE), ...head, requests: untouched });
const certificatesShape = object({ file: oneOf(CERTIFICATES_FILE), ...head, root: certificatePem, tlsRoot: certificatePem, certificates: untouched });

type Named = Readonly<Record<string, string>>;
type CertificatesFile = Omit<Parsed<typeof certificatesShape>, 'certificates'> & { readonly certificates: Named };

/** @returns where a node's requests lie on its own machine: the file to send to the organisation's authorities */
export function requestsFile(folder: NetworkFolder, mspId: string, node: NodeKind): string {
  return join(folder.root, 'requests', `${mspId}-${node}.json`);
}

/** @returns where the answer lies on the authorities' machine: the file to send back */
export function certificatesFile(folder: NetworkFolder, mspId: string, node: NodeKind): string {
  return join(folder.root, 'certificates', `${mspId}-${node}.json`);
}

/**
 * Makes the keys of a node that has none, and the file of requests for them. Done before: changes nothing.
 *
 * @returns the file to send
 */
export async function askForNode(folder: NetworkFolder, plan: Topology, mspId: string, node: NodeKind): Promise<string> {
  const file = requestsFile(folder, mspId, node);
  if (existsSync(file)) return file;
  const requests: Record<string, string> = {};
  for (const { purpose, keyFile, commonName } of keyPlaces(folder.host(mspId), organisationIn(plan, mspId), node)) {
    await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 });
    if (!existsSync(keyFile)) await writeDurably(keyFile, newPrivateKey());
    requests[purpose] = await certificationRequest(await readFile(keyFile, 'utf8'), commonName);
  }
  await writeText(file, { file: REQUESTS_FILE, plan: planFingerprint(plan), mspId, node, requests });
  return file;
}

/** @returns SHA-256 of a file that travels within an organisation, hexadecimal: what both ends compare */
export function contentFingerprint(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

export interface CertifyOptions {
  readonly folder: NetworkFolder;
  readonly plan: Topology;
  /** Of the requests, as the machine shows it that wrote them; hexadecimal, in any groups. Whose keys are asked for, nothing else tells. */
  readonly fingerprint: string;
  /** The answer of an earlier time is given again unless one of its certificates ends before this moment, milliseconds since 1970. */
  readonly validUntilMs: number;
}

/**
 * Answers requests, on the machine of the organisation's authorities. Who the keys' owners are is taken from the plan, not
 * from the requests; that the keys are theirs, from the fingerprint.
 *
 * @param content of the file of requests
 * @returns the file to send back, and whose node it is for
 * @throws Problem FABRIC_REQUESTS_DIFFERENT, FABRIC_PART_WRONG, FABRIC_PLAN_DIFFERENT, FABRIC_ORGANISATION_UNKNOWN,
 *   FABRIC_HOST_INCOMPLETE, CERTIFICATION_REQUEST_WRONG
 */
export async function certifyNode(content: string, { folder, plan, fingerprint: expected, validUntilMs }: CertifyOptions): Promise<{ readonly file: string; readonly mspId: string; readonly node: NodeKind }> {
  const answered = contentFingerprint(content);
  if (expected.replaceAll(/\s/g, '').toLowerCase() !== answered) throw new Problem('FABRIC_REQUESTS_DIFFERENT', { file: answered, expected });
  const { plan: fingerprint, mspId, node, requests } = strictly(() => requestsShape(parseStrictJson(content, LONGEST_FILE)));
  assertSamePlan(fingerprint, plan);
  const host = folder.host(mspId);
  const places = keyPlaces(host, organisationIn(plan, mspId), node);
  if (!holdsAuthorities(host)) throw new Problem('FABRIC_HOST_INCOMPLETE', { missing: `the authorities of ${mspId}: certify where they are` });
  const asked = exactly(places, matching(ONE_REQUEST, 'a certificate request, PEM'), requests);
  const file = certificatesFile(folder, mspId, node);
  if (await readFile(`${file}.of`, 'utf8').catch(() => '') === answered && await isGood(file, validUntilMs)) return { file, mspId, node };
  const authorities = await openAuthorities(host);
  const certificates: Record<string, string> = {};
  for (const { purpose, certify } of places) certificates[purpose] = await certify(authorities, asked[purpose] ?? '');
  if (node === 'orderer') await keepOrderer(host, certificates);
  await writeText(file, { file: CERTIFICATES_FILE, plan: fingerprint, mspId, node, root: authorities.members.certificatePem, tlsRoot: authorities.tls.certificatePem, certificates });
  await writeDurably(`${file}.of`, answered);
  return { file, mspId, node };
}

async function isGood(file: string, validUntilMs: number): Promise<boolean> {
  const { certificates } = JSON.parse(await readFile(file, 'utf8')) as CertificatesFile;
  return Object.values(certificates).every((pem) => Date.parse(new X509Certificate(pem).validTo) > validUntilMs);
}

/** The organisation's public part names its orderer's certificates. */
async function keepOrderer({ orderer }: HostFolder, certificates: Named): Promise<void> {
  for (const [file, pem] of [[orderer.certificate, certificates['orderer']], [orderer.tlsCertificate, certificates['orderer-tls']]] as const) {
    await mkdir(dirname(file), { recursive: true });
    await writeDurably(file, pem ?? '');
  }
}

/**
 * Takes the certificates for this machine's keys. What runs on older ones is left to be started anew (`pendingRestarts`).
 *
 * @param content of the file that `certifyNode` wrote
 * @returns which node can start now
 * @throws Problem FABRIC_PART_WRONG, FABRIC_PLAN_DIFFERENT, FABRIC_PART_DIFFERENT if they are of another authority than this
 *   machine knows
 */
export async function takeCertificates(folder: NetworkFolder, plan: Topology, content: string): Promise<{ readonly mspId: string; readonly node: NodeKind }> {
  const given = strictly(() => certificatesShape(parseStrictJson(content, LONGEST_FILE)));
  const { mspId, node, root, tlsRoot } = given;
  assertSamePlan(given.plan, plan);
  const host = folder.host(mspId);
  const places = keyPlaces(host, organisationIn(plan, mspId), node);
  const certificates = exactly(places, certificatePem, given.certificates);
  assertRoot(root, 'root');
  assertRoot(tlsRoot, 'tlsRoot');
  await assertKnownRoots(host, { root, tlsRoot });
  for (const { purpose, keyFile, assertFit } of places) {
    assertFit(certificates[purpose] ?? '', { root, tlsRoot });
    await assertOwnKey(certificates[purpose] ?? '', keyFile, purpose);
  }
  await placeRoots(host, node, { root, tlsRoot });
  if (await replaces(places, certificates)) await expectRestarts(folder, usersOf(host, node));
  for (const { purpose, certificateFile } of places) await writeDurably(certificateFile, certificates[purpose] ?? '');
  if (node === 'peer') await placeCertified(host);
  return { mspId, node };
}

/** True if one of the certificates stands in the place of another. */
async function replaces(places: readonly KeyPlace[], certificates: Named): Promise<boolean> {
  const known = await Promise.all(places.map(({ certificateFile }) => readFile(certificateFile, 'utf8').catch(() => undefined)));
  return places.some(({ purpose }, index) => known[index] !== undefined && known[index] !== certificates[purpose]);
}

/** Names of the processes that use a node's certificates. */
function usersOf(host: HostFolder, node: NodeKind): string[] {
  return node === 'orderer' ? [ordererName(host.mspId)] : [...serversOf(host).map(({ process }) => process), peerName(host.mspId)];
}

async function assertKnownRoots({ mspId, authority, tlsAuthority }: HostFolder, { root, tlsRoot }: { readonly root: string; readonly tlsRoot: string }): Promise<void> {
  for (const [directory, given] of [[authority, root], [tlsAuthority, tlsRoot]] as const) {
    const known = await readFile(join(directory, 'certificate.pem'), 'utf8').catch(() => undefined);
    if (known !== undefined && known !== given) throw new Problem('FABRIC_PART_DIFFERENT', { organisation: mspId, here: fingerprintOf(known), file: fingerprintOf(given) });
  }
}

const fingerprintOf = (pem: string): string => new X509Certificate(pem).fingerprint256;

async function assertOwnKey(certificate: string, keyFile: string, purpose: string): Promise<void> {
  const key = await readFile(keyFile).catch(() => undefined);
  const fits = key !== undefined && new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  if (!fits) throw new Problem('FABRIC_PART_WRONG', { field: `certificates.${purpose}`, expected: 'a certificate for the key of this machine' });
}

async function placeRoots(host: HostFolder, node: NodeKind, { root, tlsRoot }: { readonly root: string; readonly tlsRoot: string }): Promise<void> {
  const roots = { members: { certificatePem: root }, tls: { certificatePem: tlsRoot } };
  for (const folder of node === 'peer' ? [host.peer, host.admin] : [host.orderer]) {
    await writeMsp(folder.msp, roots);
    await mkdir(join(folder.msp, 'signcerts'), { recursive: true });
    await writeDurably(folder.tlsRoot, tlsRoot);
  }
  for (const [directory, pem] of [[host.authority, root], [host.tlsAuthority, tlsRoot]] as const) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeDurably(join(directory, 'certificate.pem'), pem);
  }
}

/** Every purpose of the node, and no other. */
function exactly(places: readonly KeyPlace[], value: Shape<string>, given: unknown): Named {
  return strictly(() => object(Object.fromEntries(places.map(({ purpose }) => [purpose, value])))(given));
}

async function writeText(file: string, content: object): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeDurably(file, `${JSON.stringify(content, null, 2)}\n`);
}
