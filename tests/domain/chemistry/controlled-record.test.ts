import { describe, expect, test } from 'vitest';
import { attestationRule, isControlled, productKeyOf } from '#domain/chemistry/controlled-record.js';
import { declarationKey, licenceKey, licenceOfKey, quotaKey } from '#domain/chemistry/licence.js';
import { eventKey } from '#domain/epcis/event-record.js';
import { shipmentKey } from '#domain/goods/records.js';
import { lotKey, productKey, serialKey, ssccKey, type Lot, type Serial, type Sscc } from '#domain/gs1/item-key.js';
import type { Gtin } from '#domain/gs1/gtin.js';
import type { Day } from '#domain/instant.js';
import type { LedgerRecord } from '#domain/records.js';
import { organisationKey, organisationKeyKey, prefixKey } from '#domain/registry/keys.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { commitmentKey, didKey, didKeyKey, grantKey, grantOfKey, statusListKey } from '#domain/trust/keys.js';
import type { Did } from '#domain/trust/did.js';
import { ACETONE_CAN, TEA, acetone, tea } from '../../support/fictional.js';

const ON = '2026-11-20' as Day;
const gtin = ACETONE_CAN as Gtin;
const organisation = 'son-cau-vong' as OrganisationId;
const did = 'did:web:dai-hoc.example' as Did;
const can = serialKey(gtin, 'C1' as Serial);
const unit = ssccKey('095210000000000016' as Sscc);

const record = (fields: object): LedgerRecord => fields as LedgerRecord;
const content = (substance: string, mass: string) => ({ mass: '1000000', components: [{ substance, mass }] });

/** What a transaction has seen besides. */
const SEEN = new Map<string, LedgerRecord>([
  [productKey(gtin), record({ kind: 'product', ...acetone(ACETONE_CAN, 'Axeton can 25 kg') })],
  [productKey(TEA as Gtin), record({ kind: 'product', ...tea })],
  [can, record({ kind: 'serial', gtin, content: content('acetone', '980000') })],
  [unit, record({ kind: 'unit', contents: [can] })],
]);

describe('whether a record is about controlled chemicals', () => {
  test.each<[string, object, boolean]>([
    ['a licence', { kind: 'licence' }, true],
    ['the way to it', { kind: 'licence-of' }, true],
    ['how many there are of one DID', { kind: 'licence-count', count: 3 }, false],
    ['a declaration of use', { kind: 'use-declaration' }, true],
    ['a quota', { kind: 'quota' }, true],
    ['a product of up to 100 % acetone', { kind: 'product', components: [{ substance: 'acetone', least: '1', most: '100' }] }, true],
    ['a product of at most 5 % acetone', { kind: 'product', components: [{ substance: 'acetone', least: '1', most: '5' }] }, false],
    ['ethanol, which no list names', { kind: 'product', components: [{ substance: 'ethanol', least: '1', most: '100' }] }, false],
    ['tea', { kind: 'product', ...tea }, false],
    ['a lot with 98 % acetone', { kind: 'lot', gtin: TEA, bulk: content('acetone', '980000') }, true],
    ['a lot with 5 % acetone', { kind: 'lot', gtin: TEA, bulk: content('acetone', '50000') }, false],
    ['an empty lot of a controlled product', { kind: 'lot', gtin, bulk: { mass: '0', components: [{ substance: 'acetone', mass: '0' }] } }, true],
    ['a lot of a controlled product for its containers alone', { kind: 'lot', gtin }, true],
    ['a lot of a product that the transaction did not look at', { kind: 'lot', gtin: '09529999999999' }, false],
    ['a container', { kind: 'serial', gtin: TEA, content: content('acetone', '980000') }, true],
    ['an empty container of a controlled product', { kind: 'serial', gtin }, true],
    ['a packet of tea', { kind: 'serial', gtin: TEA }, false],
    ['a unit with a container in it', { kind: 'unit', contents: ['/01/x', can] }, true],
    ['a unit with such a unit in it', { kind: 'unit', contents: [unit] }, true],
    ['a unit of other things', { kind: 'unit', contents: ['/01/x'] }, false],
    ['a shipment allowed by a licence', { kind: 'shipment', allowances: [{}] }, true],
    ['a shipment that needed none', { kind: 'shipment' }, false],
    ['an event about a container', { kind: 'event', items: [can] }, true],
    ['an event that a container was taken from', { kind: 'event', items: [], source: can }, true],
    ['an event of a unit with a container', { kind: 'event', items: ['/01/x'], unit }, true],
    ['another event', { kind: 'event', items: ['/01/x'] }, false],
    ['an organisation', { kind: 'organisation' }, false],
    ['a grant', { kind: 'grant' }, false],
  ])('%s', (_, fields, controlled) => {
    expect(isControlled(record(fields), { on: ON, seen: (key) => SEEN.get(key) })).toBe(controlled);
  });

  test('depends on the lists in force that day', () => {
    const product = record({ kind: 'product', components: [{ substance: 'acetone', least: '1', most: '100' }] });
    expect(isControlled(product, { on: '2026-01-16' as Day, seen: () => undefined })).toBe(false);
    expect(isControlled(product, { on: '2026-01-17' as Day, seen: () => undefined })).toBe(true);
  });
});

describe('which keys may be attested', () => {
  test.each([
    [productKey(gtin), 'always'], [lotKey(gtin, '10/21/X' as Lot), 'always'], [lotKey(gtin, 'AC-01' as Lot), 'always'], [can, 'by-product'], [serialKey(gtin, '10' as Serial), 'by-product'], [unit, 'always'],
    [shipmentKey(organisation, 'V1'), 'always'], [licenceKey('GP-1'), 'always'], [licenceOfKey(organisation, 'acetone', 'GP-1'), 'always'],
    [declarationKey(organisation, 'acetone'), 'always'], [quotaKey('GP-1', '1', '2026'), 'always'],
    [organisationKey(organisation), 'never'], [prefixKey('952100'), 'never'], [organisationKeyKey(organisation, 'k1'), 'never'],
    [didKey(did), 'never'], [didKeyKey(did, 'khoa'), 'never'], [grantKey('G-1'), 'never'], [grantOfKey(did, 'ChemicalLicenceCredential', organisation, 'G-1'), 'never'],
    [commitmentKey('ab'), 'never'], [statusListKey(did, '1'), 'never'], [eventKey('ab', 0), 'never'],
    ['something/new', 'always'],
  ] as const)('%s: %s', (key, rule) => {
    expect(attestationRule(key)).toBe(rule);
  });

  test('an instance\'s key names its product', () => {
    expect(productKeyOf(can)).toBe(productKey(gtin));
  });
});
