/** What a machine has of a network on several machines, what it lacks, and the fingerprints to compare with the others. */
import { existsSync } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '#domain/errors.js';
import { holdsAuthorities } from '../certificates.js';
import { genesisHash } from '../genesis-block.js';
import type { HostFolder, NetworkFolder } from '../network-folder.js';
import type { Organisation, Topology } from '../topology.js';
import { requestsFile } from './certification.js';
import { planFingerprint } from './host-plan.js';
import { NODE_KINDS } from './key-places.js';
import type { Piece } from './make-host.js';
import { partFingerprint, publicPartFile, storedPart } from './public-part.js';
import { partOfPlan, shown } from './take-file.js';

export interface HostReport {
  /** For the user, one line each. */
  readonly lines: readonly string[];
  /** What is to be done before the nodes can start, with the step that does it. */
  readonly missing: readonly string[];
}

/** @throws Problem as `parsePublicPart` if a public part here is none any more */
export async function hostReport(folder: NetworkFolder, plan: Topology): Promise<HostReport> {
  const width = Math.max(...plan.organisations.map(({ mspId }) => mspId.length));
  const line = (name: string, fingerprint: string | undefined, note: string): string => `${name.padEnd(width)}  ${fingerprint === undefined ? 'missing'.padEnd(71) : shown(fingerprint)}  ${note}`.trimEnd();
  const lines = [line('plan', planFingerprint(plan), 'the same on every machine')];
  const missing: string[] = [];
  for (const organisation of plan.organisations) {
    const host = folder.host(organisation.mspId);
    const part = await storedPart(folder, plan, organisation.mspId);
    const pieces = piecesHere(host);
    lines.push(line(organisation.mspId, part === undefined ? undefined : partFingerprint(part), pieces.length === 0 ? '' : `here: ${pieces.join(', ')}`));
    missing.push(...missingOf(folder, organisation, part !== undefined));
  }
  const block = existsSync(folder.genesisBlock) ? await genesisHash(folder) : undefined;
  if (block === undefined) missing.push('block 0: the command block makes it from the public parts');
  lines.push(line('block 0', block, 'the same on every machine'));
  missing.push(...await foreignFiles(folder));
  return { lines, missing };
}

/** @returns what of an organisation this machine has the keys of, e.g. `['authority', 'peer']` */
export function piecesHere(host: HostFolder): Piece[] {
  const nodes = NODE_KINDS.filter((node) => existsSync(host[node].key));
  return [...(holdsAuthorities(host) ? ['authority' as const] : []), ...nodes];
}

function missingOf(folder: NetworkFolder, organisation: Organisation, hasPart: boolean): string[] {
  const { mspId } = organisation;
  const host = folder.host(mspId);
  const uncertified = NODE_KINDS.filter((node) => existsSync(host[node].key) && !existsSync(host[node].tlsCertificate));
  const waitsForOrderer = !hasPart && holdsAuthorities(host) && organisation.orderer !== undefined && !existsSync(host.orderer.certificate);
  return [
    ...uncertified.map((node) => `certificates of the ${node} of ${mspId}: send ${requestsFile(folder, mspId, node)} to the machine of its authorities, and take the answer`),
    ...(waitsForOrderer ? [`requests of the orderer of ${mspId}: certify the file that its machine wrote`] : []),
    ...(hasPart || waitsForOrderer ? [] : [`public part of ${mspId}: take the file public/${mspId}.json of its machine`]),
  ];
}

/** A file that another user made, e.g. root, may be unreadable for the nodes. A link is its maker's; what it leads to is no part of the network. */
async function foreignFiles(folder: NetworkFolder): Promise<string[]> {
  const { uid } = await stat(folder.root);
  // With the kinds of the entries it leads into no link.
  const files = (await readdir(folder.root, { recursive: true, withFileTypes: true })).map((entry) => join(entry.parentPath, entry.name));
  const kept = files.filter((file) => !/(^|\/)data\//.test(file.slice(folder.root.length)));
  const owners = await Promise.all(kept.map(async (file) => ({ file, uid: (await lstat(file).catch(() => ({ uid }))).uid })));
  const foreign = owners.find((one) => one.uid !== uid);
  return foreign === undefined ? [] : [`owner of ${foreign.file}: another user than the owner of the folder made it (chown)`];
}

/**
 * Compares a public part that came from elsewhere with what this machine has. Changes nothing.
 *
 * @param content of the file
 * @returns what to tell the user
 * @throws Problem FABRIC_PART_DIFFERENT with both fingerprints, FABRIC_PLAN_DIFFERENT, and what `parsePublicPart` refuses
 */
export async function compareWithFile(folder: NetworkFolder, plan: Topology, content: string): Promise<string> {
  const part = partOfPlan(content, plan);
  const known = await storedPart(folder, plan, part.mspId);
  if (known === undefined) return `${part.mspId}: not taken yet (${publicPartFile(folder, part.mspId)})`;
  const [here, file] = [partFingerprint(known), partFingerprint(part)];
  if (here !== file) throw new Problem('FABRIC_PART_DIFFERENT', { organisation: part.mspId, here: shown(here), file: shown(file) });
  return `${part.mspId}: the file is what this machine has`;
}
