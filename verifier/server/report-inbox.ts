/** Where the public site hands on what citizens report: the one thing it can do besides reading. In one process the port is handed in; between two it is HTTP. */
import type { CitizenReport, FiledReport } from '#domain/goods/citizen-report.js';

export interface ReportInbox {
  /**
   * Takes one report. The same token with the same content is the same report, however often it is sent.
   *
   * @param source address of whoever sent it, for counting alone, e.g. `192.0.2.7`
   * @returns when it is on the disk; rejects with a Problem of kind `too-many` or `unavailable` where it was not taken
   */
  file(report: CitizenReport, source: string): Promise<FiledReport>;
}
