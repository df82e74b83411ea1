/**
 * Which số hiệu and which số vào sổ an institution has given: each stands on one diploma, whoever asked for it and however,
 * alone or in a batch. A row names its number by a keyed digest, and says who holds it: a credential, or a batch.
 */
import { readDisclosure } from '#domain/credential/disclosure.js';
import { comparableNumber, type PersonalData } from '#domain/credential/personal-data.js';
import type { ProblemCode } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { batchRow, HOLDS_NUMBERS, type Batch } from '../batches/batch.js';
import { putJson, type Change, type IssuerStore } from '../store/issuer-store.js';
import type { CredentialRecord, Secrets } from './credential-record.js';

const NUMBERED = ['serialNumber', 'registerNumber'] as const;
export type NumberField = typeof NUMBERED[number];

export type NumberCode = Extract<ProblemCode, 'DIPLOMA_NUMBER_ISSUED' | 'DIPLOMA_NUMBER_IN_BATCH'>;

export interface NumberTaken {
  readonly field: NumberField;
  readonly code: NumberCode;
}

/** Names of the rows of both numbers of one diploma. */
export type NumberRows = Readonly<Record<NumberField, string>>;

/** A diploma, with what its numbers are read from. */
export interface Numbered {
  readonly record: Pick<CredentialRecord, 'id' | 'batch' | 'organisation'>;
  readonly secrets: Pick<Secrets, 'disclosures'>;
}

const PREFIX = 'diploma-number/';
const CREDENTIAL = 'urn:uuid:';

export class DiplomaNumbers {
  readonly #store: IssuerStore;
  /** Rows that somebody works on, each with what is resolved when they are done. */
  readonly #busy = new Map<string, Promise<void>>();

  constructor(store: IssuerStore) {
    this.#store = store;
  }

  /** @param numbers in any spelling that is compared alike, e.g. `vp 0001234` */
  rowsOf(organisation: OrganisationId, numbers: Pick<PersonalData, NumberField>): NumberRows {
    const rowOf = (field: NumberField): string => PREFIX + this.#store.hiddenName(['diploma number', organisation, field, comparableNumber(numbers[field])]);
    return { serialNumber: rowOf('serialNumber'), registerNumber: rowOf('registerNumber') };
  }

  /** The same of a diploma that was planned; `undefined` for a credential without numbers. */
  rowsOfDiploma({ record, secrets }: Numbered): NumberRows | undefined {
    const values = new Map(secrets.disclosures.map(readDisclosure).map(({ name, value }) => [name, value]));
    const [serialNumber, registerNumber] = NUMBERED.map((field) => values.get(field));
    return serialNumber === undefined || registerNumber === undefined ? undefined : this.rowsOf(record.organisation, { serialNumber, registerNumber });
  }

  /**
   * Works on numbers alone, from the question whether they are taken until the answer is written down: of two that want one
   * number at the same time, the second waits, and finds it taken. Nobody waits for anybody else with numbers in hand.
   */
  async alone<T>(rows: readonly string[], work: () => Promise<T>): Promise<T> {
    for (let other = this.#others(rows); other !== undefined; other = this.#others(rows)) await other;
    const working = work();
    const done = working.then(nothing, nothing);
    for (const row of rows) this.#busy.set(row, done);
    try {
      return await working;
    } finally {
      for (const row of rows) this.#busy.delete(row);
    }
  }

  #others(rows: readonly string[]): Promise<void> | undefined {
    const busy = rows.find((row) => this.#busy.has(row));
    return busy === undefined ? undefined : this.#busy.get(busy);
  }

  /**
   * Those numbers of one diploma that are not free.
   *
   * @param superseded the diploma that this one corrects: it leaves its own numbers to it
   */
  async taken(rows: NumberRows, superseded?: Numbered): Promise<NumberTaken[]> {
    const left = superseded === undefined ? undefined : this.rowsOfDiploma(superseded);
    const found = await Promise.all(NUMBERED.map(async (field): Promise<NumberTaken | undefined> => {
      const holder = await this.#holder(rows[field]);
      const isLeft = left?.[field] === rows[field] && isHeldBy(superseded, holder);
      const code = isLeft ? undefined : await this.#codeOf(holder);
      return code === undefined ? undefined : { field, code };
    }));
    return found.filter((one) => one !== undefined);
  }

  async #holder(row: string): Promise<string | undefined> {
    return await this.#store.json(row) as string | undefined;
  }

  /** A batch that is not known holds no number: its upload did not get to its end. */
  async #codeOf(holder: string | undefined): Promise<NumberCode | undefined> {
    if (holder === undefined) return undefined;
    if (holder.startsWith(CREDENTIAL)) return 'DIPLOMA_NUMBER_ISSUED';
    const batch = await this.#store.json(batchRow(holder)) as Batch | undefined;
    if (batch === undefined || !HOLDS_NUMBERS.has(batch.state)) return undefined;
    return batch.state === 'issued' ? 'DIPLOMA_NUMBER_ISSUED' : 'DIPLOMA_NUMBER_IN_BATCH';
  }

  /**
   * The rows that give both numbers to somebody: those of a credential are written with its plan, those of a batch before the
   * batch, from which on they count.
   *
   * @param holder id of a credential or of a batch
   */
  taking(rows: NumberRows, holder: string): Change[] {
    return NUMBERED.map((field) => putJson(rows[field], holder));
  }

  /**
   * The rows by which a diploma loses its numbers: refused, revoked or erased, it stands in nobody's way.
   *
   * @param superseded the diploma that it was to correct, if that has the number back
   */
  async givingBack(diploma: Numbered, superseded?: Numbered): Promise<Change[]> {
    const rows = this.rowsOfDiploma(diploma);
    if (rows === undefined) return [];
    const back = superseded === undefined ? undefined : this.rowsOfDiploma(superseded);
    const changes = await Promise.all(NUMBERED.map(async (field): Promise<Change[]> => {
      if (!isHeldBy(diploma, await this.#holder(rows[field]))) return [];
      return [superseded !== undefined && back?.[field] === rows[field] ? putJson(rows[field], superseded.record.id) : { key: rows[field] }];
    }));
    return changes.flat();
  }
}

const nothing = (): void => undefined;

function isHeldBy(diploma: Numbered | undefined, holder: string | undefined): boolean {
  return diploma !== undefined && holder !== undefined && (holder === diploma.record.id || holder === diploma.record.batch);
}
