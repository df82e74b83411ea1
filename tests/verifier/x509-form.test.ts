/** The form of certificates, field by field (RFC 5280 section 4.1, X.690 section 10). */
import { describe, expect, test } from 'vitest';
import type { ProblemCode } from '#domain/errors.js';
import { Refusal } from '../../verifier/core/refusal.js';
import { parseCertificate } from '../../verifier/core/x509.js';
import {
  attribute, bits, certificateOf, type CertificateFields, der, ECDSA_SHA256, extension, FIELDS, generalizedTime, hex, integer, NAME,
  NULL, octets, oid, sequence, set, UNIT, utcTime, utf8, withExtensions, yes,
} from './der-encoding.js';

const validity = (...times: readonly Uint8Array[]): Partial<CertificateFields> => ({ validity: sequence(...times) });
const subject = (...names: readonly Uint8Array[]): Partial<CertificateFields> => ({ subject: sequence(...names) });
const usage = (...value: readonly Uint8Array[]): Uint8Array => extension('551d0f', octets(...value));
const constraints = (...value: readonly Uint8Array[]): Uint8Array => extension('551d13', octets(...value));
const END = utcTime('491231235959Z');

describe('what is read', () => {
  test('the plain certificate', () => {
    expect(parseCertificate(certificateOf())).toMatchObject({
      issuer: { commonName: 'ca', organisationalUnits: [] },
      subject: { commonName: 'peer0', organisationalUnits: ['peer'] },
      notBefore: Date.UTC(2026, 0, 1), notAfter: Date.UTC(2027, 0, 1),
      isAuthority: false, pathLength: Infinity, signsData: true, signsCertificates: true,
    });
  });

  test.each([
    ['no extensions', { extensions: new Uint8Array(0) }, { isAuthority: false }],
    ['the longest serial number', { serial: integer(`7f${'ff'.repeat(19)}`) }, {}],
    ['UTCTime of year 49', validity(utcTime('491231235959Z'), END), { notBefore: Date.UTC(2049, 11, 31, 23, 59, 59) }],
    ['UTCTime of year 50', validity(utcTime('500101000000Z'), END), { notBefore: Date.UTC(1950, 0, 1) }],
    ['GeneralizedTime', validity(generalizedTime('20260228235959Z'), generalizedTime('99991231235959Z')), { notBefore: Date.UTC(2026, 1, 28, 23, 59, 59), notAfter: 253_402_300_799_000 }],
    ['an empty name', subject(), { subject: { commonName: undefined, organisationalUnits: [] } }],
    ['the last of two common names', subject(set(attribute(NAME, utf8('a'))), set(attribute(NAME, utf8('b')))), { subject: { commonName: 'b' } }],
    ['units in one relative name and in two', subject(set(attribute(UNIT, utf8('kho')), attribute(UNIT, utf8('peer'))), set(attribute(UNIT, utf8('Hà Nội')))), { subject: { organisationalUnits: ['kho', 'peer', 'Hà Nội'] } }],
    ['a unit in PrintableString and one in IA5String', subject(set(attribute(UNIT, der(0x13, Buffer.from('peer')))), set(attribute(UNIT, der(0x16, Buffer.from('x@y'))))), { subject: { organisationalUnits: ['peer', 'x@y'] } }],
  ])('%s', (_, change, read) => {
    expect(parseCertificate(certificateOf(change))).toMatchObject(read);
  });

  test.each([
    ['an authority', [constraints(sequence(yes))], { isAuthority: true, pathLength: Infinity }],
    ['an authority with a path length', [constraints(sequence(yes, integer('03')))], { isAuthority: true, pathLength: 3 }],
    ['a path length of none', [constraints(sequence(yes, integer('00')))], { isAuthority: true, pathLength: 0 }],
    ['digitalSignature alone', [usage(bits(7, 0x80))], { signsData: true, signsCertificates: false }],
    ['keyCertSign and cRLSign', [usage(bits(1, 0x06))], { signsData: false, signsCertificates: true }],
    ['decipherOnly', [usage(bits(7, 0x00, 0x80))], { signsData: false, signsCertificates: false }],
    ['an unknown extension that is not critical', [extension('2a03', octets(NULL))], { isAuthority: false }],
    ['critical ones that narrow nothing', [extension('551d0e', yes, octets(NULL)), extension('551d23', yes, octets(NULL)), extension('551d11', yes, octets(NULL)), extension('551d25', yes, octets(NULL))], { isAuthority: false }],
  ])('%s', (_, extensions, read) => {
    expect(parseCertificate(withExtensions(...extensions))).toMatchObject(read);
  });
});

const refused = (code: ProblemCode, certificates: Readonly<Record<string, Uint8Array>>): void => {
  test.each(Object.entries(certificates))(`%s: ${code}`, (_, certificate) => {
    expect(() => parseCertificate(certificate)).toThrow(new Refusal(code));
  });
};

describe('what is refused', () => {
  refused('CERTIFICATE_MALFORMED', {
    'nothing': new Uint8Array(0),
    'something after the signature': certificateOf({ after: NULL }),
    'something after the certificate': Buffer.concat([certificateOf(), NULL]),
    'something after the extensions': certificateOf({ afterSigned: NULL }),
    'a unique identifier of version 2': certificateOf({ extensions: Buffer.concat([hex('810100'), FIELDS.extensions]) }),
    'no version, which means version 1': certificateOf({ version: new Uint8Array(0) }),
    'version 2': certificateOf({ version: der(0xa0, integer('01')) }),
    'two versions': certificateOf({ version: der(0xa0, integer('02'), integer('02')) }),
    'a negative serial number': certificateOf({ serial: integer('ff') }),
    'a serial number of 21 octets': certificateOf({ serial: integer(`01${'00'.repeat(20)}`) }),
    'a serial number with a needless zero': certificateOf({ serial: integer('0001') }),
    'a signature of part of an octet': certificateOf({ signature: bits(1, 0x30, 0x00) }),
    'a signature without octets': certificateOf({ signature: hex('0300') }),
    'no validity': certificateOf(validity()),
    'one time': certificateOf(validity(END)),
    'three times': certificateOf(validity(END, END, END)),
    'a time in another type': certificateOf(validity(utf8('260101000000Z'), END)),
    'UTCTime without seconds': certificateOf(validity(utcTime('2601010000Z'), END)),
    'UTCTime with an offset': certificateOf(validity(utcTime('260101000000+0000'), END)),
    'UTCTime with four digits of year': certificateOf(validity(utcTime('20260101000000Z'), END)),
    'GeneralizedTime with two digits of year': certificateOf(validity(generalizedTime('260101000000Z'), END)),
    'GeneralizedTime with a fraction': certificateOf(validity(generalizedTime('20260101000000.5Z'), END)),
    'no Z': certificateOf(validity(utcTime('260101000000 '), END)),
    'letters for digits': certificateOf(validity(utcTime('26010100000xZ'), END)),
    'digits of another script': certificateOf(validity(utcTime('2601010000\u0660Z'), END)),
    'a day that is not': certificateOf(validity(utcTime('260230000000Z'), END)),
    'hour 24': certificateOf(validity(utcTime('260101240000Z'), END)),
    'a name that is a set': certificateOf({ subject: set() }),
    'an empty relative name': certificateOf(subject(set())),
    'an attribute without a value': certificateOf(subject(set(attribute(UNIT)))) ,
    'an attribute with two values': certificateOf(subject(set(attribute(UNIT, utf8('peer'), utf8('admin'))))),
    'an attribute without a type': certificateOf(subject(set(sequence(hex('0600'), utf8('peer'))))),
    'a unit that is not UTF-8': certificateOf(subject(set(attribute(UNIT, der(0x0c, Buffer.of(0xff)))))),
    'two lists of extensions': certificateOf({ extensions: der(0xa3, sequence(), sequence()) }),
    'an extension twice': withExtensions(extension('2a03', octets()), extension('2a03', octets())),
    'an extension without a value': withExtensions(extension('2a03')),
    'an extension with two values': withExtensions(extension('2a03', octets(), octets())),
    'critical FALSE written out': withExtensions(extension('551d13', hex('010100'), octets(sequence()))),
    'critical of two octets': withExtensions(extension('551d13', hex('0102ffff'), octets(sequence()))),
    'critical 01': withExtensions(extension('551d13', hex('010101'), octets(sequence()))),
    'CA FALSE written out': withExtensions(constraints(sequence(hex('010100')))),
    'something after the constraints': withExtensions(constraints(sequence(yes), NULL)),
    'something inside the constraints': withExtensions(constraints(sequence(yes, NULL))),
    'a path length before CA': withExtensions(constraints(sequence(integer('00'), yes))),
    'a negative path length': withExtensions(constraints(sequence(yes, integer('ff')))),
    'a path length of two octets': withExtensions(constraints(sequence(yes, integer('0100')))),
    'constraints that are empty': withExtensions(constraints()),
    'key usage without bits': withExtensions(usage(hex('030100'))),
    'key usage without octets': withExtensions(usage(hex('0300'))),
    'key usage with eight unused bits': withExtensions(usage(bits(8, 0x80))),
    'key usage of three octets': withExtensions(usage(bits(0, 0x80, 0x80, 0x80))),
    'something after the key usage': withExtensions(usage(bits(7, 0x80), NULL)),
    'a length in more octets than needed': Buffer.concat([hex('30820003'), hex('020101')]),
    'a length in the long form below 128': hex('30810302 0101'),
    'an indefinite length': hex('3080 020101 0000'),
    'a length of four octets': hex('308400000003 020101'),
    'a length that goes on after the end': hex('3005 020101'),
    'a tag of several octets': hex('3f8101 00'),
  });

  refused('CERTIFICATE_UNSUPPORTED', {
    'another algorithm inside': certificateOf({ innerAlgorithm: sequence(oid('2a8648ce3d040303')) }),
    'another algorithm outside': certificateOf({ outerAlgorithm: sequence(oid('2a8648ce3d040303')) }),
    'parameters after the algorithm': certificateOf({ innerAlgorithm: sequence(oid('2a8648ce3d040302'), NULL) }),
    'RSA': certificateOf({ innerAlgorithm: sequence(oid('2a864886f70d01010b'), NULL) }),
    'a key on another curve': certificateOf({ key: sequence(sequence(oid('2a8648ce3d0201'), oid('2b8104000a')), bits(0, 4, ...Array.from({ length: 64 }, () => 1))) }),
    'a compressed point': certificateOf({ key: sequence(sequence(oid('2a8648ce3d0201'), oid('2a8648ce3d030107')), bits(0, 2, ...Array.from({ length: 32 }, () => 1))) }),
    'a key with something after it': certificateOf({ key: sequence(Buffer.from(FIELDS.key).subarray(2), NULL) }),
    'a key whose point has a byte less': certificateOf({ key: sequence(sequence(oid('2a8648ce3d0201'), oid('2a8648ce3d030107')), bits(0, 4, ...Array.from({ length: 63 }, () => 1))) }),
    'an unknown critical extension': withExtensions(extension('2a03', yes, octets())),
    'name constraints, critical': withExtensions(extension('551d1e', yes, octets())),
    'a unit in a string type of old': certificateOf(subject(set(attribute(UNIT, der(0x14, Buffer.from('peer')))))),
  });

  test('the algorithm that is accepted is ecdsa-with-SHA256 (RFC 5758 section 3.2)', () => {
    expect(ECDSA_SHA256.toString('hex')).toBe('300a06082a8648ce3d040302');
  });
});
