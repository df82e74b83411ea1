/** How the demonstration asks: through the same APIs as everybody else. */

/** One caller of the API. Throws for anything but success. */
export interface ApiCaller {
  get(path: string): Promise<Readonly<Record<string, unknown>>>;
  post(path: string, body: unknown): Promise<Readonly<Record<string, unknown>>>;
  upload(path: string, bytes: Uint8Array, type: string): Promise<Readonly<Record<string, unknown>>>;
}

export interface DemonstrationApi {
  readonly operator: ApiCaller;
  /** A caller with an enterprise's own API key. */
  withKey(key: string): ApiCaller;
  /** A photo that comes with the demonstration, e.g. `tea`. */
  photo(name: 'tea' | 'acetone-drum' | 'acetone-can'): Promise<Uint8Array>;
}
