/**
 * The same text by itself. A text that was cut out of another can keep all of that one in memory as long as it lives, which
 * for a name of some letters may be 64 KiB.
 *
 * @param text e.g. an issuer's DID, cut out of a payload
 */
export function ownCopy(text: string): string {
  return ` ${text}`.slice(1); // joining copies; what is cut off here hangs on that copy only
}
