import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { DerError } from '../../../gateway/ledger/der-elements.js';
import { signerJudge, type OrdererOrganisation } from '../../../gateway/ledger/orderer-organisation.js';
import { readRevocationList, serialOf } from '../../../gateway/ledger/revocation-list.js';
import { authority, certified, revocationListOf, type Issuer, type ListWish } from './orderer-authorities.js';

let root: Issuer;
let orderer: Issuer;
let other: Issuer;
let stranger: Issuer;

beforeAll(async () => {
  root = await authority('ca.orderers');
  stranger = await authority('ca.strangers');
  [orderer, other] = [await certified('orderer1', root), await certified('orderer2', root)];
});

const maySign = (organisation: OrdererOrganisation, { pem }: Pick<Issuer, 'pem'>): boolean => signerJudge(organisation)(pem) !== undefined;
const pems = (...issuers: readonly Issuer[]): string[] => issuers.map(({ pem }) => pem);

describe('who may sign for an organisation that orders', () => {
  // Source: Fabric msp/mspimplvalidate.go and mspimplsetup.go; OU=orderer is ours.
  it.each<[string, () => Promise<[OrdererOrganisation, Pick<Issuer, 'pem'>]>, boolean]>([
    ['an orderer of its root', async () => [{ roots: pems(root) }, orderer], true],
    ['one of another root', async () => [{ roots: pems(stranger) }, orderer], false],
    ['one of no root at all', async () => [{ roots: [] }, orderer], false],
    ['a client of its root', async () => [{ roots: pems(root) }, await certified('client', root, { unit: 'client' })], false],
    ['an authority that calls itself an orderer', async () => [{ roots: pems(root) }, await certified('orderer3', root, { unit: 'orderer', isAuthority: true })], false],
    ['one that an orderer made', async () => [{ roots: pems(root) }, await certified('orderer4', orderer)], false],
    ['the same, where the orderer stands among the roots', async () => [{ roots: pems(root, orderer) }, await certified('orderer4', orderer)], false],
    ['no certificate', async () => [{ roots: pems(root) }, { pem: 'PEM' }], false],
    ['an unreadable root beside its own', async () => [{ roots: ['PEM', root.pem] }, orderer], true],
    ['a root without an identifier of its key', async () => {
      const nameless = await authority('ca.nameless', undefined, { withoutKeyName: true });
      return [{ roots: pems(nameless) }, await certified('orderer5', nameless)];
    }, false],
    ['an intermediate authority\'s', async () => {
      const between = await authority('ca.between', root);
      return [{ roots: pems(root), intermediates: pems(between) }, await certified('orderer6', between)];
    }, true],
    ['one of the second intermediate authority down', async () => {
      const upper = await authority('ca.upper', root);
      const lower = await authority('ca.lower', upper);
      return [{ roots: pems(root), intermediates: pems(lower, upper) }, await certified('orderer7', lower)];
    }, true],
    ['a root\'s that has made an intermediate authority', async () => [{ roots: pems(root), intermediates: pems(await authority('ca.between', root)) }, orderer], false],
    ['an intermediate authority\'s that no root made', async () => {
      const between = await authority('ca.between', stranger);
      return [{ roots: pems(root), intermediates: pems(between) }, await certified('orderer8', between)];
    }, false],
  ])('%s', async (_name, make, expected) => {
    expect(maySign(...await make())).toBe(expected);
  });
});

describe('when a certificate is valid', () => {
  /** Days from now, of root and orderer. Fabric judges a certificate a second after it began, whatever the time is. */
  it.each<[string, { from: number; to: number }, { from: number; to: number }, boolean]>([
    ['within its root\'s time', { from: -10, to: 10 }, { from: -5, to: 5 }, true],
    ['ended long ago', { from: -1000, to: 10 }, { from: -900, to: -800 }, true],
    ['ended long ago, as its root', { from: -1000, to: -500 }, { from: -900, to: -800 }, true],
    ['not begun yet', { from: -10, to: 1000 }, { from: 500, to: 800 }, true],
    ['begun with its root', { from: -10, to: 10 }, { from: -10, to: 10 }, true],
    ['begun when its root had ended', { from: -10, to: -5 }, { from: -4, to: 10 }, false],
    ['begun before its root', { from: -10, to: 10 }, { from: -11, to: 10 }, false],
    ['over as soon as begun', { from: -10, to: 10 }, { from: -5, to: -5 }, false],
  ])('%s', async (_name, above, below, expected) => {
    const ca = await authority('ca.times', undefined, above);
    expect(maySign({ roots: pems(ca) }, await certified('orderer', ca, below))).toBe(expected);
  });

  it('is asked of every authority above it', async () => {
    const top = await authority('ca.top', undefined, { from: -1000, to: -500 });
    const between = await authority('ca.between', top, { from: -900, to: 1000 });
    const organisation = { roots: pems(top), intermediates: pems(between) };
    expect(maySign(organisation, await certified('orderer', between, { from: -600 }))).toBe(true);
    expect(maySign(organisation, await certified('orderer', between, { from: -400 }))).toBe(false);
  });
});

describe('a revocation list in the organisation\'s definition', () => {
  const judged = async (revoked: readonly Issuer[], wish: ListWish = {}, of = root): Promise<boolean[]> => {
    const organisation = { roots: pems(root), revocationLists: [await revocationListOf(of, revoked, wish)] };
    return [orderer, other].map((one) => maySign(organisation, one));
  };

  // Source: Fabric msp/mspimplvalidate.go, validateCertAgainstChain.
  it.each<[string, () => Promise<boolean[]>, [boolean, boolean]]>([
    ['takes back whom it names and nobody else', async () => judged([orderer]), [false, true]],
    ['names nobody', async () => judged([]), [true, true]],
    ['names all', async () => judged([other, orderer]), [false, false]],
    ['as DER', async () => judged([orderer], { form: 'DER' }), [false, true]],
    ['twice in one text', async () => judged([orderer], { form: 'two PEM' }), [false, true]],
    ['signed over SHA-384', async () => judged([orderer], { hash: 'SHA-384' }), [false, true]],
    ['signed over SHA-512', async () => judged([orderer], { hash: 'SHA-512' }), [false, true]],
    ['from the future counts at once', async () => judged([orderer], { at: Date.UTC(2049, 0, 1) }), [false, true]],
    ['that is long out of date counts still', async () => judged([orderer], { at: Date.UTC(2001, 0, 1) }), [false, true]],
    ['of another authority with the same serial numbers', async () => judged([orderer], {}, stranger), [true, true]],
    ['in its authority\'s name by another key', async () => judged([orderer], { signedBy: stranger }), [true, true]],
    ['that names no key of an authority: Fabric believes nobody', async () => judged([orderer], { withoutAuthorityKey: true }), [false, false]],
  ])('%s', async (_name, make, expected) => {
    expect(await make()).toEqual(expected);
  });

  it('that cannot be read lets nobody sign', async () => {
    const list = Buffer.from(await revocationListOf(root, [orderer], { form: 'DER' }));
    for (const bytes of [Buffer.from('CRL'), Buffer.alloc(0), list.subarray(0, -1), Buffer.concat([list, list])]) {
      expect([orderer, other].map((one) => maySign({ roots: pems(root), revocationLists: [bytes] }, one))).toEqual([false, false]);
    }
  });

  it('takes back an intermediate authority with all that it made, and those of another one not', async () => {
    const [one, two] = [await authority('ca.one', root), await authority('ca.two', root)];
    const organisation = { roots: pems(root), intermediates: pems(one, two), revocationLists: [await revocationListOf(root, [one])] };
    const members = [await certified('orderer', one), await certified('orderer', two)];
    expect(members.map((member) => maySign(organisation, member))).toEqual([false, true]);
    const lists = [await revocationListOf(two, [members[1]!]), await revocationListOf(one, [])];
    expect(members.map((member) => maySign({ ...organisation, revocationLists: lists }, member))).toEqual([true, false]);
  });

  it('counts together with others', async () => {
    const revocationLists = [await revocationListOf(root, [other]), await revocationListOf(stranger, []), await revocationListOf(root, [orderer])];
    expect([orderer, other].map((one) => maySign({ roots: pems(root), revocationLists }, one))).toEqual([false, false]);
  });
});

describe('reading a revocation list', () => {
  it.each([['0A3F', 'a3f'], ['80', '80'], ['00', '0'], ['7FFF', '7fff']])('the serial number %s is %s', (written, expected) => {
    expect(serialOf(written)).toBe(expected);
  });

  it('a negative serial number is nobody\'s', () => {
    const element = (tag: number, ...parts: Uint8Array[]): Buffer => Buffer.concat([Buffer.of(tag, Buffer.concat(parts).length), ...parts]);
    const time = element(0x17, Buffer.from('260101000000Z'));
    const list = (serial: Uint8Array): Buffer => element(0x30, element(0x30, element(0x30), element(0x30), time, element(0x30, element(0x30, element(2, serial), time))), element(0x30), element(3, Buffer.of(0)));
    expect([...readRevocationList(list(Buffer.of(0x80))).serials]).toEqual(['-80']);
    expect([...readRevocationList(list(Buffer.of(0, 0x80))).serials]).toEqual(['80']);
    expect(() => readRevocationList(list(Buffer.alloc(0)))).toThrow(DerError);
  });

  it('any bytes are a list or no DER, and nothing else happens', async () => {
    const list = Buffer.from(await revocationListOf(root, [orderer, other], { form: 'DER' }));
    const changed = fc.tuple(fc.nat(list.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => Buffer.from(list.map((byte, index) => (index === at ? byte ^ by : byte))));
    fc.assert(fc.property(fc.oneof(changed, fc.uint8Array({ maxLength: 60 })), (bytes) => {
      try {
        expect(readRevocationList(bytes).serials.size).toBeLessThanOrEqual(2);
      } catch (error) {
        expect(error).toBeInstanceOf(DerError);
      }
    }), { numRuns: 2000 });
  });
});
