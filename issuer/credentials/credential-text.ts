/** The text in which a credential is handed out. */
import { canonicalJson } from '#domain/canonical-json.js';
import { evidenceJson, type Evidence } from '#domain/credential/commitment.js';

/**
 * @param disclosures what the receiver may see; none for a public record
 * @returns `<jwt>`, `~<disclosure>` for each and a closing `~`, `#<base64url of the evidence's canonical JSON>`
 */
export function credentialText(jwt: string, disclosures: readonly string[], evidence: Evidence): string {
  const shown = disclosures.length === 0 ? '' : `~${disclosures.join('~')}~`;
  return `${jwt}${shown}#${Buffer.from(canonicalJson(evidenceJson(evidence))).toString('base64url')}`;
}
