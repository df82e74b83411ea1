import type { Memory } from './pinned-trust.js';

/** Where the browser lets this site remember something; `undefined` where it does not. */
export function browserMemory(): Memory | undefined {
  try {
    return localStorage;
  } catch {
    return undefined; // switched off: even looking at it throws
  }
}
