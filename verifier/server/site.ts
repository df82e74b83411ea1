/** What is the same on every page of one deployment. */
export interface Site {
  /** e.g. `https://id.example.org`, without a slash at the end. */
  readonly origin: string;
  /** Host and port of the origin: what a reader compares with the address bar. */
  readonly host: string;
  readonly operator: Operator;
  /** Address of the page's script; `undefined` where it was not built. */
  readonly script: string | undefined;
  /** Whether citizens' reports can be handed on. */
  readonly takesReports: boolean;
  /** Whether credentials are checked here. */
  readonly takesCredentials: boolean;
}

/** Who runs the site, and where readers report what they found. */
export interface Operator {
  readonly name: string;
  /** As it is to be read, e.g. `0800 000 000, baocao@example.org`. */
  readonly contact: string;
}

/** @param origin e.g. `https://id.example.org/` */
export function siteOf(origin: string, operator: Operator, script: string | undefined, takes: { readonly reports: boolean; readonly credentials: boolean }): Site {
  const url = new URL(origin);
  return { origin: url.origin, host: url.host, operator, script, takesReports: takes.reports, takesCredentials: takes.credentials };
}
