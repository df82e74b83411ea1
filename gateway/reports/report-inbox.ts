/** Takes citizens' reports: bounded for each source, each item and in all, the same form once, on the disk before it says so. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '#domain/canonical-json.js';
import { require } from '#domain/errors.js';
import type { CitizenReport, FiledReport } from '#domain/goods/citizen-report.js';
import { SERIAL_RANDOM_BYTES, serialFromRandom } from '#domain/gs1/serial-number.js';
import { instantOf } from '#domain/instant.js';
import { OneAtATime } from '../jobs/one-at-a-time.js';
import type { Clock } from '../ledger/clock.js';
import type { DurableStore } from '../ledger/durable-store.js';
import type { Decision, LocalRequests } from '../tenants/local-requests.js';
import type { RecordReader } from '../trace/record-reader.js';
import { itemOf, openReportsOf, REPORTS, rowsOf } from './report-rows.js';
import { SourceLimit } from './source-limit.js';
import { present, thingAt, type ReportedThing, type StoredReport } from './stored-report.js';

export interface ReportLimits {
  /** reports of one source a day */
  readonly reportsPerDay: number;
  /** reports about one item that nobody has handled */
  readonly openReportsPerItem: number;
  /** reports in all */
  readonly mostReports: number;
}

export interface ReportInboxOptions {
  readonly store: DurableStore;
  readonly requests: LocalRequests;
  readonly records: Pick<RecordReader, 'load'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly limits: ReportLimits;
}

/** No organisation has such an id. */
const PRINCIPAL = 'public:citizen-report';

export class ReportInbox {
  readonly #options: ReportInboxOptions;
  readonly #sources: SourceLimit;
  readonly #items = new OneAtATime();
  #counted: Promise<void> | undefined;
  #total = 0;

  constructor(options: ReportInboxOptions) {
    this.#options = options;
    this.#sources = new SourceLimit(options.limits.reportsPerDay, () => options.clock.now());
  }

  /**
   * Stores a report. The same token with the same content is answered with the first reference, for seven days and
   * whatever the limits are; another content under a used token is another report, so that nothing is lost.
   *
   * @param report of `citizenReport`
   * @param source address of whoever sends it, as the socket or a trusted proxy says
   * @returns when it is on the disk
   * @throws Problem RATE_LIMITED, REPORTS_ABOUT_ITEM_FULL, REPORTS_FULL, STORE_FAILED
   */
  async file(report: CitizenReport, source: string): Promise<FiledReport> {
    const thing = thingAt(report.address);
    const item = itemOf({ ...thing, code: report.code });
    const sending = { principal: PRINCIPAL, key: sendingOf(report), body: '' };
    // One after the other for each item: two at once must not both take its last place.
    return this.#items.run(item, () => this.#options.requests.once(sending, async () => {
      await this.#takePlace(item, source);
      return this.#decision(report, thing);
    }));
  }

  /** So many reports were removed. */
  removed(count: number): void {
    this.#total -= count;
  }

  async #takePlace(item: string, source: string): Promise<void> {
    const { mostReports, openReportsPerItem } = this.#options.limits;
    await this.#countOnce();
    const open = await this.#rows(openReportsOf(item), openReportsPerItem);
    require(open < openReportsPerItem, 'REPORTS_ABOUT_ITEM_FULL', { most: String(openReportsPerItem) });
    require(this.#total < mostReports, 'REPORTS_FULL', { most: String(mostReports) });
    this.#sources.take(source);
    this.#total++;
  }

  #decision(report: CitizenReport, thing: ReportedThing): Decision<FiledReport> {
    const { clock, randomBytes } = this.#options;
    const { code, shown, judged, reason, text, province, contact } = report;
    const filed = { reference: `BC-${serialFromRandom(randomBytes(SERIAL_RANDOM_BYTES))}`, receivedAt: instantOf(clock.now()) };
    const stored: StoredReport = { ...filed, code, judged, reason, ...thing, ...present({ lot: thing.lot ?? this.#lotOf(thing), shown, text, province }) };
    return { decided: filed, changes: rowsOf(stored, contact) };
  }

  /** Most labels name the serial alone; its lot is on the register. */
  #lotOf({ item }: ReportedThing): string | undefined {
    return item === undefined ? undefined : this.#options.records.load(item, 'serial')?.lot;
  }

  /** When the first report comes. A count that fails is tried again with the next. */
  async #countOnce(): Promise<void> {
    this.#counted ??= this.#count();
    try {
      await this.#counted;
    } catch (error) {
      this.#counted = undefined;
      throw error;
    }
  }

  async #count(): Promise<void> {
    this.#total = await this.#rows(REPORTS, Number.MAX_SAFE_INTEGER);
  }

  async #rows(prefix: string, most: number): Promise<number> {
    let count = 0;
    for await (const _row of this.#options.store.rows(prefix)) {
      count++;
      if (count === most) break;
    }
    return count;
  }
}

/** Names one sending of one content; what the site made of the code meanwhile does not make another. */
function sendingOf({ judged: _judged, ...sent }: CitizenReport): string {
  return createHash('sha256').update(canonicalJson(sent)).digest('hex');
}
