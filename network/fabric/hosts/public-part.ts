/**
 * What an organisation shows the others: the roots of its two authorities and the certificates of its orderer. One file,
 * with one fingerprint to read over the telephone. No key is in it, and nothing that may not be known.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '#domain/errors.js';
import { matching, object, oneOf, optional, text, type Parsed } from '#domain/shape.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { writeDurably } from '../../enrolment/identity-files.js';
import { writeMsp } from '../certificates.js';
import type { HostFolder, NetworkFolder } from '../network-folder.js';
import { ordererHost, type Topology } from '../topology.js';
import { assertMember, assertRoot, assertTls, certificatePem } from './certificate-checks.js';
import { organisationIn, planFingerprint } from './host-plan.js';

export const LONGEST_FILE = 100_000;
/** Names of the kinds of file that travel stand in the files themselves. */
export const ORGANISATION_FILE = 'minhchung organisation';

const shape = object({
  file: oneOf(ORGANISATION_FILE),
  plan: matching(/^[0-9a-f]{64}$/, 'SHA-256 in hexadecimal'),
  mspId: text(64),
  root: certificatePem,
  tlsRoot: certificatePem,
  orderer: optional(object({ certificate: certificatePem, tlsCertificate: certificatePem })),
});

export type PublicPart = Parsed<typeof shape>;

/** @returns where this machine keeps an organisation's public part, its own too: that is the file to send */
export function publicPartFile(folder: NetworkFolder, mspId: string): string {
  return join(folder.root, 'public', `${mspId}.json`);
}

/**
 * @param content of the file
 * @param plan of this machine
 * @throws Problem FABRIC_PART_WRONG with the field, FABRIC_ORGANISATION_UNKNOWN
 */
export function parsePublicPart(content: string, plan: Topology): PublicPart {
  const part = strictly(() => shape(parseStrictJson(content, LONGEST_FILE)));
  const organisation = organisationIn(plan, part.mspId);
  assertRoot(part.root, 'root');
  assertRoot(part.tlsRoot, 'tlsRoot');
  // One authority for both would make a member of every TLS certificate.
  if (part.root === part.tlsRoot) throw new Problem('FABRIC_PART_WRONG', { field: 'tlsRoot', expected: 'another authority than root' });
  if ((part.orderer === undefined) !== (organisation.orderer === undefined)) {
    throw new Problem('FABRIC_PART_WRONG', { field: 'orderer', expected: organisation.orderer === undefined ? 'none: the plan has no orderer of this organisation' : 'the certificates of its orderer' });
  }
  if (part.orderer !== undefined) {
    assertMember(part.orderer.certificate, part.root, 'orderer', 'orderer.certificate');
    assertTls(part.orderer.tlsCertificate, part.tlsRoot, ordererHost(organisation), 'orderer.tlsCertificate');
  }
  return part;
}

/** @throws Problem FABRIC_PLAN_DIFFERENT */
export function assertSamePlan(fingerprint: string, plan: Topology): void {
  const own = planFingerprint(plan);
  if (fingerprint !== own) throw new Problem('FABRIC_PLAN_DIFFERENT', { file: fingerprint, here: own });
}

/** Runs a reader; what it refuses is the file's fault. */
export function strictly<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem) throw new Problem('FABRIC_PART_WRONG', { ...error.fields, reason: error.code });
    throw error;
  }
}

/** @returns the text of the file; the same for the same content */
export function partText({ file, plan, mspId, root, tlsRoot, orderer }: PublicPart): string {
  return `${JSON.stringify({ file, plan, mspId, root, tlsRoot, ...(orderer === undefined ? {} : { orderer }) }, null, 2)}\n`;
}

/** @returns SHA-256 of the content in hexadecimal */
export function partFingerprint(part: PublicPart): string {
  return createHash('sha256').update(partText(part)).digest('hex');
}

/** @returns what this machine has of an organisation, `undefined` if nothing; of an earlier plan, too. @throws Problem as `parsePublicPart` */
export async function storedPart(folder: NetworkFolder, plan: Topology, mspId: string): Promise<PublicPart | undefined> {
  const file = publicPartFile(folder, mspId);
  return existsSync(file) ? parsePublicPart(await readFile(file, 'utf8'), plan) : undefined;
}

/**
 * Puts a public part where the network's own files are looked for, beside this machine's keys of the same organisation
 * if it has any.
 */
export async function placePart(folder: NetworkFolder, plan: Topology, part: PublicPart): Promise<void> {
  const { peer, orderer } = organisationIn(plan, part.mspId);
  const host = folder.host(part.mspId);
  const roots = { members: { certificatePem: part.root }, tls: { certificatePem: part.tlsRoot } };
  await writeMsp(host.msp, roots);
  await placeFile(host.authority, part.root);
  await placeFile(host.tlsAuthority, part.tlsRoot);
  for (const node of [...(peer === undefined ? [] : [host.peer]), ...(orderer === undefined ? [] : [host.orderer])]) {
    await mkdir(node.root, { recursive: true });
    await writeFile(node.tlsRoot, part.tlsRoot);
  }
  // A node that runs here may have a newer certificate than the others know.
  if (part.orderer !== undefined && !existsSync(host.orderer.key)) await placeOrderer(host, part.orderer);
  await mkdir(join(folder.root, 'public'), { recursive: true });
  // Last: with it, the part counts as taken.
  await writeDurably(publicPartFile(folder, part.mspId), partText(part));
}

async function placeOrderer({ orderer }: HostFolder, { certificate, tlsCertificate }: { readonly certificate: string; readonly tlsCertificate: string }): Promise<void> {
  await placeFile(orderer.tls, tlsCertificate);
  await mkdir(join(orderer.msp, 'signcerts'), { recursive: true });
  await writeFile(orderer.certificate, certificate);
}

async function placeFile(directory: string, pem: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(join(directory, 'certificate.pem'), pem);
}
