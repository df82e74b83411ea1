/** The real contracts behind the ports of the EPCIS interface: commits at once, remembers keys, and fails when told to. */
import type { Caller } from '#domain/access.js';
import { Problem } from '#domain/errors.js';
import { prefixCandidates } from '#domain/gs1/company-prefix.js';
import type { Gln, ItemKey } from '#domain/gs1/item-key.js';
import type { EventRecord } from '#domain/epcis/event-record.js';
import { prefixKey } from '#domain/registry/keys.js';
import type { EventPage, EventPageRequest, EventReader, RecordedEvent, RegisterReader } from '../../../gateway/epcis/ports.js';
import type { JobOwner, JobTransaction, Submit } from '../../../gateway/jobs/ledger-writer.js';
import { LedgerFailure, type SubmitAnswer } from '../../../gateway/ledger/ledger.js';
import { ContractWorld } from '../../support/contract-world.js';
import { foundRegistry, openTeaLot } from '../../support/fictional.js';

/** What happens to a submission: it is not reached, it is done but nobody hears of it, it is done and not known yet. */
export type SubmitFault = 'unreachable' | 'unheard' | 'pending';

const EVENT_KEY = /^event\/(.+)\/(\d+)$/;

/** The world's short transaction ids, as long as a ledger's. */
const longId = (short: string): string => Buffer.from(short).toString('hex').padEnd(64, '0');

export class WorldLedger {
  readonly world = new ContractWorld();
  /** every submission, repeated ones too */
  readonly submitted: JobTransaction[] = [];
  /** what happens to the next submissions, in turn; then all is well */
  faults: SubmitFault[] = [];
  /** refuses everything from now on */
  refusal: Problem | undefined;
  readonly #answers = new Map<string, SubmitAnswer>();

  static async withTea(): Promise<WorldLedger> {
    const ledger = new WorldLedger();
    await foundRegistry(ledger.world);
    await openTeaLot(ledger.world);
    return ledger;
  }

  /** How many transactions had an effect. */
  get committed(): number {
    return this.#answers.size;
  }

  readonly submit: Submit = async (transaction) => {
    this.submitted.push(transaction);
    if (this.refusal !== undefined) throw this.refusal;
    const fault = this.faults.shift();
    if (fault === 'unreachable') throw new LedgerFailure({ stage: 'endorse', retry: 'new-id', code: 'UNAVAILABLE' }, 'planned fault');
    const answer = this.#answers.get(transaction.key) ?? await this.#commit(transaction);
    if (fault === 'unheard') throw new Problem('OUTBOX_FULL', { limit: '0' });
    return fault === 'pending' ? { status: 'pending', transactionId: answer.transactionId } : answer;
  };

  async #commit({ owner, transaction, argument, key }: JobTransaction): Promise<SubmitAnswer> {
    const before = new Set(this.world.state.keys());
    const result = await this.world.call(callerOf(owner), transaction, argument);
    const event = [...this.world.state.keys()].find((one) => EVENT_KEY.test(one) && !before.has(one));
    const transactionId = longId(EVENT_KEY.exec(event ?? '')?.[1] ?? `none-${key}`);
    const answer = { status: 'committed', transactionId, block: BigInt(this.#answers.size + 1), result: JSON.stringify(result) } as const;
    this.#answers.set(key, answer);
    return answer;
  }

  /** All events, in the ledger's order. */
  all(): RecordedEvent[] {
    return [...this.world.state].flatMap(([key, bytes]) => {
      const [, short, index] = EVENT_KEY.exec(key) ?? [];
      return short === undefined ? [] : [{ transactionId: longId(short), index: Number(index), record: JSON.parse(bytes.toString()) as EventRecord }];
    });
  }

  readonly events: EventReader = {
    byId: async (place) => this.all().find(({ transactionId, index }) => transactionId === place.transactionId && index === place.index),
    byItem: async (item, page) => pageOf(this.all().filter(({ record }) => names(record, item)).reverse(), page),
    recent: async (recorder, page) => pageOf(this.all().filter(({ record }) => recorder === undefined || record.by === recorder).reverse(), page),
  };

  readonly register: RegisterReader = {
    organisationOf: async (gln: Gln) => {
      const found = prefixCandidates(gln).map((prefix) => this.world.read(prefixKey(prefix), 'company-prefix')).find((one) => one !== undefined);
      return found?.organisation;
    },
    provinceOf: async () => undefined,
    lotOf: async (serial) => this.world.read(serial, 'serial')?.lot,
    mayFollow: async (caller, item) => {
      const record = this.world.read(item, 'serial') ?? this.world.read(item, 'unit');
      return record !== undefined && (record.maker === caller.organisation || record.custody.holder === caller.organisation);
    },
  };
}

function callerOf({ organisation, type }: JobOwner): Caller {
  return type === 'authority' ? { msp: 'RegulatorMSP', role: 'inspector', organisation } : { msp: 'IndustryMSP', role: 'enterprise', organisation };
}

function names({ items, unit, source }: EventRecord, item: ItemKey): boolean {
  return items.includes(item) || unit === item || source === item;
}

function pageOf(events: readonly RecordedEvent[], { limit, after }: EventPageRequest): EventPage {
  const from = after === undefined ? 0 : Number(after);
  const page = events.slice(from, from + limit);
  return from + limit < events.length ? { events: page, next: String(from + limit) } : { events: page };
}
