/** Controlled substances change hands only by the receiver's right, and its quota falls in the same transaction. */
import { concentration, readContent } from '#domain/chemistry/content.js';
import { controlOf } from '#domain/chemistry/control.js';
import { declarationKey, licenceKey, licenceOfKey, quotaKey, quotaYear, type LicenceRecord, type QuotaRecord } from '#domain/chemistry/licence.js';
import { allowSale, checkSeller, type Allowance, type Demand, type Rights } from '#domain/chemistry/sale.js';
import type { SubstanceId } from '#domain/chemistry/substances.js';
import { require } from '#domain/errors.js';
import type { AllowanceRecord, SerialRecord, ShipmentRecord } from '#domain/goods/records.js';
import { dayInVietNam, type Instant } from '#domain/instant.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { Transaction } from '../transaction.js';

/** Licences of one holder for one substance that are looked at. */
const MOST_LICENCES = 50;

/**
 * Allows the controlled substances in a shipment, or refuses it, and charges the buyer's licences.
 *
 * @throws Problem SELLER_NOT_LICENSED, BUYER_NOT_LICENSED, QUOTA_EXCEEDED
 */
export async function allowControlled(tx: Transaction, serials: readonly SerialRecord[], buyer: OrganisationId, at: Instant): Promise<AllowanceRecord[]> {
  const allowances: AllowanceRecord[] = [];
  for (const demand of demandsOf(serials, at)) {
    checkSeller(demand, await licencesOf(tx, tx.caller.organisation, demand.substance), at);
    const allowance = allowSale(demand, await rightsOf(tx, buyer, demand.substance, at), at);
    await charge(tx, allowance, at);
    allowances.push({ ...allowance, mass: String(allowance.mass) });
  }
  return allowances;
}

/** What is controlled in these containers, summed by substance and content, in an order that does not depend on the request's. */
function demandsOf(serials: readonly SerialRecord[], at: Instant): Demand[] {
  const demands = new Map<string, Demand>();
  for (const serial of serials) {
    if (serial.content === undefined) continue;
    const content = readContent(serial.content);
    for (const component of content.components) {
      const share = concentration(content, component);
      if (component.mass === 0n || !controlOf(component.substance, share, dayInVietNam(at)).controlled) continue;
      const name = `${component.substance} ${String(share).padStart(7, '0')}`;
      const sum = (demands.get(name)?.mass ?? 0n) + component.mass;
      demands.set(name, { substance: component.substance, content: share, mass: sum });
    }
  }
  return [...demands].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, demand]) => demand);
}

async function licencesOf(tx: Transaction, holder: OrganisationId, substance: SubstanceId): Promise<LicenceRecord[]> {
  const prefix = licenceOfKey(holder, substance, '');
  const keys = await tx.ledger.keysUnder(prefix, MOST_LICENCES);
  const records = await Promise.all(keys.map(async (key) => tx.ledger.load(licenceKey(key.slice(prefix.length)), 'licence')));
  return records.filter((record) => record !== undefined);
}

async function rightsOf(tx: Transaction, buyer: OrganisationId, substance: SubstanceId, at: Instant): Promise<Rights> {
  const licences = await licencesOf(tx, buyer, substance);
  const declaration = await tx.ledger.load(declarationKey(buyer, substance), 'use-declaration');
  const year = quotaYear(at);
  const used = new Map<string, bigint>();
  for (const licence of licences) {
    for (const { line } of licence.lines) {
      const key = quotaKey(licence.id, line, year);
      used.set(key, BigInt((await tx.ledger.load(key, 'quota'))?.used ?? '0'));
    }
  }
  return { licences, declaration, used: (licence, { line }) => used.get(quotaKey(licence.id, line, year)) ?? 0n };
}

async function charge(tx: Transaction, allowance: Allowance, at: Instant): Promise<void> {
  if ('declaration' in allowance.by) return;
  await addToQuota(tx, allowance.by, quotaYear(at), allowance.mass);
}

async function addToQuota(tx: Transaction, by: { readonly licence: string; readonly line: string }, year: string, mass: bigint): Promise<void> {
  const key = quotaKey(by.licence, by.line, year);
  const known = await tx.ledger.load(key, 'quota');
  const used = BigInt(known?.used ?? '0') + mass;
  require(used >= 0n, 'BALANCE_MISMATCH', { licence: by.licence });
  const quota: QuotaRecord = { kind: 'quota', licence: by.licence, line: by.line, year, used: String(used) };
  tx.ledger.save(key, quota);
}

/** A cancelled shipment gives back what it was charged. */
export async function restoreQuotas(tx: Transaction, shipment: ShipmentRecord): Promise<void> {
  for (const allowance of shipment.allowances ?? []) {
    if ('declaration' in allowance.by) continue;
    await addToQuota(tx, allowance.by, quotaYear(shipment.shippedAt), -BigInt(allowance.mass));
  }
}
