/**
 * Which số hiệu and which số vào sổ an institution has given to whom: a number stands on one diploma. What is stored names a
 * number only by a keyed digest.
 */
import { comparableNumber, type PersonalData } from '#domain/credential/personal-data.js';
import type { ProblemCode } from '#domain/errors.js';
import type { OrganisationId } from '#domain/registry/organisation.js';
import { putJson, type Change, type IssuerStore } from '../store/issuer-store.js';
import type { BatchState } from './batch.js';
import { HOLDS_NUMBERS } from './batch.js';

const NUMBERED = ['serialNumber', 'registerNumber'] as const;
type Numbered = typeof NUMBERED[number];
type Numbers = Pick<PersonalData, Numbered>;

const PREFIX = 'diploma-number/';

export interface NumberTaken {
  readonly field: Numbered;
  readonly code: Extract<ProblemCode, 'BATCH_NUMBER_ISSUED' | 'BATCH_NUMBER_IN_OTHER_BATCH'>;
}

export class DiplomaNumbers {
  readonly #store: IssuerStore;
  readonly #stateOf: (batch: string) => BatchState | undefined;

  /** @param stateOf a batch that is not known holds no number: its upload did not get to its end */
  constructor(store: IssuerStore, stateOf: (batch: string) => BatchState | undefined) {
    this.#store = store;
    this.#stateOf = stateOf;
  }

  /** Those numbers of one row that are not free. */
  async taken(organisation: OrganisationId, numbers: Numbers): Promise<NumberTaken[]> {
    const found = await Promise.all(NUMBERED.map(async (field) => this.#lookUp(field, this.#keyOf(organisation, field, numbers))));
    return found.filter((one) => one !== undefined);
  }

  async #lookUp(field: Numbered, key: string): Promise<NumberTaken | undefined> {
    const batch = await this.#store.json(key) as string | undefined;
    const state = batch === undefined ? undefined : this.#stateOf(batch);
    if (state === undefined || !HOLDS_NUMBERS.has(state)) return undefined;
    return { field, code: state === 'issued' ? 'BATCH_NUMBER_ISSUED' : 'BATCH_NUMBER_IN_OTHER_BATCH' };
  }

  /** The rows that give both numbers to a batch; they count as soon as the batch is stored. */
  taking(organisation: OrganisationId, numbers: Numbers, batch: string): Change[] {
    return NUMBERED.map((field) => putJson(this.#keyOf(organisation, field, numbers), batch));
  }

  #keyOf(organisation: OrganisationId, field: Numbered, numbers: Numbers): string {
    return PREFIX + this.#store.hiddenName(['diploma number', organisation, field, comparableNumber(numbers[field])]);
  }
}
