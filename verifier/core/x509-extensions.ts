import { DER, DerReader } from './der-reader.js';
import { Refusal } from './refusal.js';

/** What the extensions of a certificate allow it to do. */
export interface CertificateUse {
  /** basicConstraints says that it may issue certificates. */
  readonly isAuthority: boolean;
  /** How many authorities may stand between it and the last certificate; `Infinity` if not limited. */
  readonly pathLength: number;
  /** keyUsage allows signatures over data, or is absent. */
  readonly signsData: boolean;
  /** keyUsage allows signatures over certificates, or is absent. */
  readonly signsCertificates: boolean;
}

interface Extension {
  readonly type: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

const KEY_USAGE = '551d0f';
const BASIC_CONSTRAINTS = '551d13';

/**
 * Extensions that may be critical without being read here, since they narrow nothing that a receipt relies on:
 * subject and authority key identifiers, alternative names, extended key usage (a peer signs under any).
 */
const HARMLESS: ReadonlySet<string> = new Set(['551d0e', '551d23', '551d11', '551d25']);

const DIGITAL_SIGNATURE = 0x80;
const CERTIFICATE_SIGN = 0x04;

/**
 * Reads the extensions (RFC 5280 section 4.2).
 *
 * @param reader at the SEQUENCE of extensions
 * @throws Refusal CERTIFICATE_MALFORMED, also for an extension that stands there twice; CERTIFICATE_UNSUPPORTED for a
 * critical one that is not known: its maker forbids to go on without understanding it
 */
export function readExtensions(reader: DerReader): CertificateUse {
  const values = new Map<string, Uint8Array>();
  const list = reader.inside(DER.sequence);
  while (!list.atEnd) {
    const { type, critical, value } = readExtension(list);
    if (values.has(type)) throw new Refusal('CERTIFICATE_MALFORMED');
    if (critical && !isUnderstood(type)) throw new Refusal('CERTIFICATE_UNSUPPORTED');
    values.set(type, value);
  }
  return useOf(values.get(BASIC_CONSTRAINTS), values.get(KEY_USAGE));
}

/** The use of a certificate without extensions: it may sign data, and it issues nothing. */
export const USE_WITHOUT_EXTENSIONS: CertificateUse = useOf(undefined, undefined);

function isUnderstood(type: string): boolean {
  return type === KEY_USAGE || type === BASIC_CONSTRAINTS || HARMLESS.has(type);
}

function readExtension(list: DerReader): Extension {
  const extension = list.inside(DER.sequence);
  const type = extension.objectIdentifier();
  const critical = extension.nextTag === DER.boolean && readTrue(extension);
  const value = extension.content(DER.octetString);
  extension.end();
  return { type, critical, value };
}

/** FALSE is the default of every flag here, and DER leaves defaults out. */
function readTrue(reader: DerReader): true {
  if (!reader.boolean()) throw new Refusal('CERTIFICATE_MALFORMED');
  return true;
}

function useOf(basicConstraints: Uint8Array | undefined, keyUsage: Uint8Array | undefined): CertificateUse {
  const { isAuthority, pathLength } = readBasicConstraints(basicConstraints);
  const usage = keyUsage === undefined ? 0xff : readKeyUsage(keyUsage);
  return {
    isAuthority,
    pathLength,
    signsData: (usage & DIGITAL_SIGNATURE) !== 0,
    signsCertificates: (usage & CERTIFICATE_SIGN) !== 0,
  };
}

function readBasicConstraints(value: Uint8Array | undefined): Pick<CertificateUse, 'isAuthority' | 'pathLength'> {
  if (value === undefined) return { isAuthority: false, pathLength: Infinity };
  const outer = new DerReader(value);
  const constraints = outer.inside(DER.sequence);
  const isAuthority = constraints.nextTag === DER.boolean && readTrue(constraints);
  const pathLength = constraints.nextTag === DER.integer ? smallNumber(constraints.unsignedInteger()) : Infinity;
  constraints.end();
  outer.end();
  return { isAuthority, pathLength };
}

function smallNumber(bytes: Uint8Array): number {
  const [value] = bytes;
  if (value === undefined || bytes.length !== 1) throw new Refusal('CERTIFICATE_MALFORMED');
  return value;
}

/** The first eight bits; the ninth (decipherOnly) says nothing about signatures. */
function readKeyUsage(value: Uint8Array): number {
  const reader = new DerReader(value);
  const content = reader.content(DER.bitString);
  reader.end();
  const [unusedBits = 8, firstBits] = content;
  if (unusedBits > 7 || firstBits === undefined || content.length > 3) throw new Refusal('CERTIFICATE_MALFORMED');
  return firstBits;
}
