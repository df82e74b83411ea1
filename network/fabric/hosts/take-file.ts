/** Takes what other machines sent: public parts of organisations, certificates for this machine's keys. */
import { Problem } from '#domain/errors.js';
import { parseStrictJson } from '#domain/strict-json.js';
import { holdsAuthorities } from '../certificates.js';
import type { NetworkFolder } from '../network-folder.js';
import type { Topology } from '../topology.js';
import { CERTIFICATES_FILE, contentFingerprint, takeCertificates } from './certification.js';
import { assertSamePlan, LONGEST_FILE, ORGANISATION_FILE, parsePublicPart, partFingerprint, placePart, storedPart, strictly, type PublicPart } from './public-part.js';

/**
 * @param content of the file; what it is, it says itself
 * @returns what came of it, for the user, e.g. `took IndustryMSP, fingerprint 3f2a…`
 * @throws Problem FABRIC_PART_WRONG, FABRIC_PLAN_DIFFERENT, FABRIC_PART_DIFFERENT, FABRIC_ORGANISATION_UNKNOWN
 */
export async function takeFile(folder: NetworkFolder, plan: Topology, content: string): Promise<string> {
  const kind = kindOf(content);
  if (kind === ORGANISATION_FILE) return takePart(folder, plan, partOfPlan(content, plan));
  if (kind !== CERTIFICATES_FILE) throw new Problem('FABRIC_PART_WRONG', { field: 'file', expected: `${ORGANISATION_FILE} | ${CERTIFICATES_FILE}` });
  const { mspId, node } = await takeCertificates(folder, plan, content);
  return `took the certificates of the ${node} of ${mspId}, fingerprint ${shown(contentFingerprint(content))}; what runs on older ones, fabric:renew starts anew`;
}

function kindOf(content: string): unknown {
  const value = strictly(() => parseStrictJson(content, LONGEST_FILE));
  return typeof value === 'object' && value !== null && 'file' in value ? value.file : undefined;
}

/** @throws Problem FABRIC_PLAN_DIFFERENT, and as `parsePublicPart` */
export function partOfPlan(content: string, plan: Topology): PublicPart {
  const part = parsePublicPart(content, plan);
  assertSamePlan(part.plan, plan);
  return part;
}

async function takePart(folder: NetworkFolder, plan: Topology, part: PublicPart): Promise<string> {
  const known = await storedPart(folder, plan, part.mspId);
  const fingerprint = shown(partFingerprint(part));
  if (known !== undefined && partFingerprint(known) === partFingerprint(part)) return `had ${part.mspId}, fingerprint ${fingerprint}`;
  assertSameRoots(folder, known, part);
  await assertRootsOfItsOwn(folder, plan, part);
  await placePart(folder, plan, part);
  return `took ${part.mspId}${known === undefined ? '' : ' with a new certificate of its orderer'}, fingerprint ${fingerprint}`;
}

/** Certificates of an orderer are renewed; roots stay. What this machine makes itself is not taken from others. */
function assertSameRoots(folder: NetworkFolder, known: PublicPart | undefined, part: PublicPart): void {
  const madeHere = holdsAuthorities(folder.host(part.mspId));
  if (!madeHere && (known === undefined || known.root === part.root && known.tlsRoot === part.tlsRoot)) return;
  throw new Problem('FABRIC_PART_DIFFERENT', { organisation: part.mspId, file: partFingerprint(part), here: known === undefined ? 'made on this machine' : partFingerprint(known) });
}

/** Under another's roots, an organisation could pass its members off as its own. */
async function assertRootsOfItsOwn(folder: NetworkFolder, plan: Topology, part: PublicPart): Promise<void> {
  for (const { mspId } of plan.organisations.filter((one) => one.mspId !== part.mspId)) {
    const other = await storedPart(folder, plan, mspId);
    if (other !== undefined && [part.root, part.tlsRoot].some((root) => root === other.root || root === other.tlsRoot)) {
      throw new Problem('FABRIC_PART_WRONG', { field: 'root', expected: `an authority of its own, and not that of ${mspId}` });
    }
  }
}

/** @returns a fingerprint in groups of eight, to be read over the telephone */
export function shown(fingerprint: string): string {
  return fingerprint.replace(/.{8}(?=.)/g, '$& ');
}
