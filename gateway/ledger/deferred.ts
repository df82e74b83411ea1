/** A promise that is settled from outside; `Promise.withResolvers` is not in Node 20. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

export function deferred<T>(): Deferred<T> {
  const parts: { resolve?: (value: T) => void } = {};
  const promise = new Promise<T>((resolve) => { parts.resolve = resolve; });
  return { promise, resolve: (value) => parts.resolve?.(value) };
}
