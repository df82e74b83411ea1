/** Where citizens' reports are read and seen to. */
import { Problem, require } from '#domain/errors.js';
import { REPORT_REFERENCE } from '#domain/goods/citizen-report.js';
import type { Gtin } from '#domain/gs1/gtin.js';
import { instantOf, type Instant } from '#domain/instant.js';
import type { Clock } from '../ledger/clock.js';
import type { DurableStore } from '../ledger/durable-store.js';
import type { Idempotency } from '../ledger/ledger.js';
import { getJson, openJson, putJson } from '../sealed-json.js';
import type { LocalRequests } from '../tenants/local-requests.js';
import type { RecordReader } from '../trace/record-reader.js';
import { mergedPlaces } from './merged-places.js';
import { contactRow, EVERY_REPORT, handlingRow, handlingsOf, isPlace, listOf, openRow, placeAt, referenceAt, removalOf, reportRow } from './report-rows.js';
import { listsFor, mayKnowOf, maySeeContact, visibleReport, type Viewer } from './report-visibility.js';
import { present, type Handling, type StoredReport } from './stored-report.js';

/** What a caller sees of a report. */
export type ReportView = StoredReport & {
  /** as far as the caller may know of them */
  readonly handlings: readonly Handling[];
  /** for authorities only, as long as it has not been deleted */
  readonly contact?: string;
};

export interface ReportQuery {
  /** 1 to 1000 */
  readonly limit: number;
  /** the `next` of the page before */
  readonly after?: string;
  readonly gtin?: Gtin;
  readonly lot?: string;
  /** received at this instant or later */
  readonly since?: Instant;
  /** `yes`: the caller's organisation has not handled it; `no`: it has */
  readonly open?: 'yes' | 'no';
}

export interface ReportPage {
  readonly reports: readonly ReportView[];
  readonly next?: string;
}

export interface ReportDeskOptions {
  readonly store: DurableStore;
  readonly requests: LocalRequests;
  readonly records: RecordReader;
  readonly clock: Pick<Clock, 'now'>;
  /** told how many reports were removed because they are old */
  readonly onRemoved: (count: number) => void;
}

/** So many reports are looked at for one page; a filter that few of them pass ends the page early, with its `next`. */
const MOST_LOOKED_AT = 5_000;
const DAY_MS = 24 * 3_600_000;
/** The form says so to whoever leaves a contact. */
const CONTACT_KEPT_MS = 365 * DAY_MS;
/** Circular 31/2026 keeps what is traced for 60 months where there is no expiry date. */
const REPORT_KEPT_MS = 5 * 366 * DAY_MS;

export class ReportDesk {
  readonly #options: ReportDeskOptions;

  constructor(options: ReportDeskOptions) {
    this.#options = options;
  }

  /**
   * What the caller may see, the latest first.
   *
   * @throws Problem FIELD_WRONG_VALUE (field `after`), READ_MODEL_CHECKING, TENANT_DATA_DAMAGED
   */
  async page(viewer: Viewer, query: ReportQuery): Promise<ReportPage> {
    const { after, limit, gtin, since } = query;
    require(after === undefined || isPlace(after), 'FIELD_WRONG_VALUE', { field: 'after' });
    const lists = await listsFor(viewer, this.#options.records, gtin);
    const reports: ReportView[] = [];
    let [last, looked] = ['', 0];
    for await (const place of mergedPlaces(lists.map((list) => this.#places(list, after)))) {
      if (reports.length === limit || looked === MOST_LOOKED_AT) return { reports, next: last };
      [last, looked] = [place, looked + 1];
      const report = await this.#stored(referenceAt(place));
      if (report === undefined) continue; // removed since the list was read
      if (since !== undefined && report.receivedAt < since) break;
      if (await this.#matches(report, viewer, query)) reports.push(await this.#viewOf(report, viewer));
    }
    return { reports };
  }

  /** @throws Problem REPORT_UNKNOWN, also for what the caller may not see */
  async read(viewer: Viewer, reference: string): Promise<ReportView> {
    return this.#viewOf(await this.#visible(viewer, reference), viewer);
  }

  /**
   * Notes that the caller's organisation has seen to a report; each can do so once.
   *
   * @param note e.g. `Đã thu giữ 12 hộp tại cửa hàng.`
   * @throws Problem REPORT_UNKNOWN, REPORT_ALREADY_HANDLED, IDEMPOTENCY_…
   */
  async handle(viewer: Viewer, reference: string, note: string, key: Idempotency | undefined): Promise<ReportView> {
    const { store, requests, clock } = this.#options;
    const report = await this.#visible(viewer, reference);
    const row = handlingRow(report.reference, viewer.organisation);
    await requests.once(key, async () => {
      if (await store.get(row) !== undefined) throw new Problem('REPORT_ALREADY_HANDLED', { report: report.reference });
      const handling: Handling = { by: viewer.organisation, at: instantOf(clock.now()), note };
      return { decided: handling.at, changes: [putJson(row, handling), { key: openRow(report) }] };
    });
    return this.#viewOf(report, viewer);
  }

  /** Deletes what the citizen left to be asked back by; there need not be anything. Throws REPORT_UNKNOWN. */
  async forgetContact(viewer: Viewer, reference: string): Promise<ReportView> {
    const report = await this.#visible(viewer, reference);
    await this.#options.store.write([{ key: contactRow(report.reference) }], true);
    return this.#viewOf(report, viewer);
  }

  /** Removes contacts after a year, and reports after five. */
  async forgetOld(): Promise<void> {
    const now = this.#options.clock.now();
    const contacts = placeAt(instantOf(now - CONTACT_KEPT_MS));
    for await (const place of this.#places(EVERY_REPORT, contacts)) {
      const reference = referenceAt(place);
      const report = await this.#stored(reference);
      if (report !== undefined && report.receivedAt < instantOf(now - REPORT_KEPT_MS)) await this.#remove(report);
      else if (await this.#options.store.get(contactRow(reference)) !== undefined) await this.#options.store.write([{ key: contactRow(reference) }], false);
    }
  }

  async #remove(report: StoredReport): Promise<void> {
    const changes = removalOf(report);
    for await (const [key] of this.#options.store.rows(handlingsOf(report.reference))) changes.push({ key });
    await this.#options.store.write(changes, false);
    this.#options.onRemoved(1);
  }

  async *#places(subject: string, after: string | undefined): AsyncGenerator<string> {
    const list = listOf(subject);
    for await (const [key] of this.#options.store.rows(list, after === undefined ? undefined : list + after)) yield key.slice(list.length);
  }

  async #visible(viewer: Viewer, reference: string): Promise<StoredReport> {
    const report = REPORT_REFERENCE.test(reference) ? await this.#stored(reference) : undefined;
    return visibleReport(report, viewer, this.#options.records, reference);
  }

  async #stored(reference: string): Promise<StoredReport | undefined> {
    return await getJson(this.#options.store, reportRow(reference)) as StoredReport | undefined;
  }

  async #matches(report: StoredReport, { organisation }: Viewer, { lot, open }: ReportQuery): Promise<boolean> {
    if (lot !== undefined && report.lot !== lot) return false;
    if (open === undefined) return true;
    const isOpen = await this.#options.store.get(handlingRow(report.reference, organisation)) === undefined;
    return isOpen === (open === 'yes');
  }

  async #viewOf(report: StoredReport, viewer: Viewer): Promise<ReportView> {
    const handlings: Handling[] = [];
    for await (const [key, row] of this.#options.store.rows(handlingsOf(report.reference))) handlings.push(openJson(key, row) as Handling);
    const contact = maySeeContact(viewer) ? await getJson(this.#options.store, contactRow(report.reference)) as string | undefined : undefined;
    return { ...report, handlings: handlings.filter((handling) => mayKnowOf(handling, viewer)), ...present({ contact }) };
  }
}
