/**
 * What an organisation has of each substance: in bulk, in containers, on the road. Containers are found from the
 * outside in: those in nothing, and those inside the units that the organisation holds, for only the outermost unit's
 * record says who holds it. All sums are of whole milligrams.
 */
import { readContent, type Component, type Content } from '#domain/chemistry/content.js';
import { substanceOf, type SubstanceId } from '#domain/chemistry/substances.js';
import { DEEPEST_NESTING } from '#domain/goods/dossier.js';
import type { AsOf } from '#domain/goods/public-item.js';
import type { ItemKey } from '#domain/gs1/item-key.js';
import { formatKilograms, type Milligrams } from '#domain/quantity/mass.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import type { RecordReader } from './record-reader.js';

export type StockPlace = 'bulk' | 'container' | 'in-transit';

/** One lot's bulk or one container. Kilograms. */
export interface StockLine {
  readonly item: ItemKey;
  readonly place: StockPlace;
  /** of the substance */
  readonly mass: string;
  /** of the mixture that holds it */
  readonly mixture: string;
  /** the outermost unit around it */
  readonly carrier?: ItemKey;
}

/** One substance. Kilograms; total = bulk + containers + inTransit. */
export interface SubstanceBalance {
  readonly substance: SubstanceId;
  readonly nameEn: string;
  readonly nameVi: string;
  readonly bulk: string;
  readonly containers: string;
  readonly inTransit: string;
  readonly total: string;
  /** The first thousand, in the order of their keys. */
  readonly lines: readonly StockLine[];
  readonly lineCount: number;
}

export interface Balance {
  readonly organisation: OrganisationId;
  readonly substances: readonly SubstanceBalance[];
  readonly asOf: AsOf;
}

const MOST_LINES = 1000;
/** New blocks may move things while they are counted; then it is counted again. */
const MOST_COUNTS = 5;

/** @returns sums over everything the organisation answers for, gone astray or used up excluded */
export async function balanceOf(records: RecordReader, organisation: OrganisationId): Promise<Balance> {
  for (let attempt = 1; ; attempt++) {
    const asOf = records.asOf();
    const ledger = new SubstanceSums();
    await countBulk(records, organisation, ledger);
    await countContainers(records, organisation, ledger);
    if (attempt >= MOST_COUNTS || records.asOf().height === asOf.height) return { organisation, substances: ledger.balances(), asOf };
  }
}

async function countBulk(records: RecordReader, organisation: OrganisationId, sums: SubstanceSums): Promise<void> {
  for await (const { stateKey } of records.entries('bulk-of', `${organisation} `)) {
    const bulk = records.load(stateKey, 'lot')?.bulk;
    if (bulk !== undefined) sums.add({ item: stateKey as ItemKey, place: 'bulk' }, readContent(bulk));
  }
}

async function countContainers(records: RecordReader, organisation: OrganisationId, sums: SubstanceSums): Promise<void> {
  for await (const { stateKey } of records.entries('container-of', `${organisation} `)) countContainer(records, stateKey, {}, sums);
  for await (const { stateKey } of records.entries('unit-of', `${organisation} `)) {
    const inTransit = records.load(stateKey, 'unit')?.custody.state === 'in-transit';
    await countInside(records, stateKey, { carrier: stateKey as ItemKey, inTransit }, sums, 0);
  }
}

interface Around {
  readonly carrier?: ItemKey;
  readonly inTransit?: boolean;
}

async function countInside(records: RecordReader, unit: string, around: Around, sums: SubstanceSums, depth: number): Promise<void> {
  if (depth > DEEPEST_NESTING) return;
  for await (const { stateKey } of records.entries('container-in', `${unit} `)) countContainer(records, stateKey, around, sums);
  for await (const { stateKey } of records.entries('unit-in', `${unit} `)) await countInside(records, stateKey, around, sums, depth + 1);
}

function countContainer(records: RecordReader, key: string, { carrier, inTransit }: Around, sums: SubstanceSums): void {
  const serial = records.load(key, 'serial');
  if (serial?.content === undefined) return;
  const moving = inTransit ?? serial.custody.state === 'in-transit';
  sums.add({ item: key as ItemKey, place: moving ? 'in-transit' : 'container', ...(carrier === undefined ? {} : { carrier }) }, readContent(serial.content));
}

interface Sum {
  readonly of: Record<StockPlace, Milligrams>;
  readonly lines: StockLine[];
  lineCount: number;
}

class SubstanceSums {
  readonly #sums = new Map<SubstanceId, Sum>();

  add(where: Pick<StockLine, 'item' | 'place' | 'carrier'>, content: Content): void {
    for (const component of content.components) if (component.mass > 0n) this.#addComponent(where, content, component);
  }

  #addComponent(where: Pick<StockLine, 'item' | 'place' | 'carrier'>, content: Content, { substance, mass }: Component): void {
    let sum = this.#sums.get(substance);
    if (sum === undefined) this.#sums.set(substance, sum = { of: { 'bulk': 0n, 'container': 0n, 'in-transit': 0n }, lines: [], lineCount: 0 });
    sum.of[where.place] += mass;
    sum.lineCount++;
    if (sum.lines.length < MOST_LINES) sum.lines.push({ ...where, mass: formatKilograms(mass), mixture: formatKilograms(content.mass) });
  }

  balances(): SubstanceBalance[] {
    return [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([substance, sum]) => balanceLine(substance, sum));
  }
}

function balanceLine(substance: SubstanceId, { of, lines, lineCount }: Sum): SubstanceBalance {
  const { en, vi } = substanceOf(substance);
  return {
    substance, nameEn: en, nameVi: vi,
    bulk: formatKilograms(of.bulk), containers: formatKilograms(of.container), inTransit: formatKilograms(of['in-transit']),
    total: formatKilograms(of.bulk + of.container + of['in-transit']),
    lines, lineCount,
  };
}
