/** Names of jobs: they sort as the jobs were made, and cannot be guessed. */
import { Buffer } from 'node:buffer';

const TIME_DIGITS = 12;
const RANDOM_BYTES = 10;

/**
 * @param now milliseconds since 1970
 * @param randomBytes a cryptographic source
 * @returns 32 hexadecimal digits, e.g. `0192f3a8b4c13f…`
 */
export function jobId(now: number, randomBytes: (length: number) => Uint8Array): string {
  return now.toString(16).padStart(TIME_DIGITS, '0') + Buffer.from(randomBytes(RANDOM_BYTES)).toString('hex');
}

/** True for a text that can be the name of a job. */
export function isJobId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** A text that sorts later jobs first. */
export function newestFirst(id: string): string {
  return Array.from(id, (digit) => (15 - Number.parseInt(digit, 16)).toString(16)).join('');
}
