/** Makes what one machine has of its organisation: authorities, keys, requests, the public part. Does what is missing, repeats nothing. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { Problem } from '#domain/errors.js';
import { writeDurably } from '../../enrolment/identity-files.js';
import { enrolMember, holdsAuthorities, makeAuthorities, membersOf, openAuthorities, writeMsp, type Authorities, type Member } from '../certificates.js';
import { assertUnused } from '../make-network.js';
import type { HostFolder, NetworkFolder } from '../network-folder.js';
import type { Organisation, Topology } from '../topology.js';
import { askForNode } from './certification.js';
import { organisationIn, parsePlan, planFingerprint, planText } from './host-plan.js';
import { NODE_KINDS, type NodeKind } from './key-places.js';
import { ORGANISATION_FILE, partFingerprint, placePart, publicPartFile, storedPart, type PublicPart } from './public-part.js';

export const PIECES = ['authority', ...NODE_KINDS] as const;
export type Piece = (typeof PIECES)[number];

export interface MadeHost {
  /** The organisation's public part, to be sent to all others; `undefined` while something for it is missing. */
  readonly publicPart: string | undefined;
  /** Requests to be sent to the organisation's authorities on another machine. */
  readonly requests: readonly string[];
}

/**
 * @param mspId organisation whose machine this is
 * @param pieces what of it runs here; none named: everything that the plan has under the organisation's first host name
 * @throws Problem FABRIC_FOLDER_FOREIGN, FABRIC_PLAN_DIFFERENT, FABRIC_ORGANISATION_UNKNOWN, FABRIC_PLAN_WRONG, FABRIC_PART_DIFFERENT
 */
export async function makeHost(folder: NetworkFolder, plan: Topology, mspId: string, pieces: readonly Piece[]): Promise<MadeHost> {
  const organisation = organisationIn(plan, mspId);
  const wanted = pieces.length > 0 ? pieces : usualPieces(organisation);
  await settlePlan(folder, plan);
  const host = folder.host(mspId);
  const nodes = NODE_KINDS.filter((node) => wanted.includes(node));
  if (wanted.includes('authority')) await makeAuthority(folder, plan, host);
  if (!holdsAuthorities(host)) return { publicPart: undefined, requests: await Promise.all(nodes.map((node) => askForNode(folder, plan, mspId, node))) };
  await enrolMissing(host, organisation, nodes);
  return { publicPart: await writeOwnPart(folder, plan, mspId), requests: [] };
}

function usualPieces({ peer, orderer, ordererHost }: Organisation): Piece[] {
  return ['authority', ...(peer === undefined ? [] : ['peer' as const]), ...(orderer === undefined || ordererHost !== undefined ? [] : ['orderer' as const])];
}

/** A machine keeps the plan that it was made with. */
async function settlePlan(folder: NetworkFolder, plan: Topology): Promise<void> {
  await assertUnused(folder.root);
  const known = existsSync(folder.topology) ? parsePlan(await readFile(folder.topology, 'utf8')) : undefined;
  if (known !== undefined && planFingerprint(known) !== planFingerprint(plan)) {
    throw new Problem('FABRIC_PLAN_DIFFERENT', { file: planFingerprint(plan), here: planFingerprint(known) });
  }
  await mkdir(folder.root, { recursive: true, mode: 0o700 });
  if (known === undefined) await writeDurably(folder.topology, planText(plan));
}

/** Once others know an organisation by its roots, it does not get new ones unnoticed. */
async function makeAuthority(folder: NetworkFolder, plan: Topology, host: HostFolder): Promise<void> {
  if (holdsAuthorities(host)) return;
  const known = await storedPart(folder, plan, host.mspId);
  if (known !== undefined) throw new Problem('FABRIC_PART_DIFFERENT', { organisation: host.mspId, here: partFingerprint(known), expected: 'its authorities where they were made' });
  await makeAuthorities(host);
}

async function enrolMissing(host: HostFolder, organisation: Organisation, nodes: readonly NodeKind[]): Promise<void> {
  const authorities = await openAuthorities(host);
  await writeMsp(host.msp, authorities);
  const roles = new Set<string>(['admin', ...nodes]);
  for (const member of membersOf(host, organisation)) {
    if (roles.has(member.role) && !await isEnrolled(member)) await enrolMember(authorities, member);
  }
}

/** A `make` that was cut off may have left a key without its certificate, or beside that of an earlier key. */
async function isEnrolled({ folder: { key, certificate, tlsKey, tlsCertificate, tlsRoot } }: Member): Promise<boolean> {
  if (![key, certificate, tlsKey, tlsCertificate, tlsRoot].every((file) => existsSync(file))) return false;
  return await keyFits(certificate, key) && keyFits(tlsCertificate, tlsKey);
}

async function keyFits(certificateFile: string, keyFile: string): Promise<boolean> {
  const [certificate, key] = await Promise.all([certificateFile, keyFile].map((file) => readFile(file)));
  try {
    return new X509Certificate(certificate ?? '').checkPrivateKey(createPrivateKey(key ?? ''));
  } catch {
    return false; // neither of the two is one
  }
}

/**
 * Writes an organisation's public part on the machine of its authorities, as its certificates are now.
 *
 * @returns its file, `undefined` while the orderer, on another machine, has no certificate yet
 */
export async function writeOwnPart(folder: NetworkFolder, plan: Topology, mspId: string): Promise<string | undefined> {
  const host = folder.host(mspId);
  const part = await ownPart(plan, host);
  if (part === undefined) return undefined;
  const file = publicPartFile(folder, mspId);
  const known = await storedPart(folder, plan, mspId);
  if (known === undefined || partFingerprint(known) !== partFingerprint(part)) await placePart(folder, plan, part);
  return file;
}

async function ownPart(plan: Topology, host: HostFolder): Promise<PublicPart | undefined> {
  const { members, tls }: Authorities = await openAuthorities(host);
  const common = { file: ORGANISATION_FILE, plan: planFingerprint(plan), mspId: host.mspId, root: members.certificatePem, tlsRoot: tls.certificatePem } as const;
  if (organisationIn(plan, host.mspId).orderer === undefined) return common;
  const { certificate, tlsCertificate } = host.orderer;
  if (!existsSync(certificate) || !existsSync(tlsCertificate)) return undefined;
  return { ...common, orderer: { certificate: await readFile(certificate, 'utf8'), tlsCertificate: await readFile(tlsCertificate, 'utf8') } };
}
