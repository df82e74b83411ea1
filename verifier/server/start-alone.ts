/** The site as a program of its own: everything it knows, it asks a gateway for over HTTP. */
import type { FastifyInstance } from 'fastify';
import { buildVerifier } from './build-verifier.js';
import type { VerifierSettings } from './config.js';
import { credentialChecks } from './credentials/credential-checks.js';
import type { CredentialScripts } from './credentials/credential-scripts.js';
import { httpTrustSource } from './credentials/http-trust-source.js';
import { httpPublicRecords } from './http-public-records.js';
import { httpReportInbox } from './http-report-inbox.js';
import { nodeCrypto } from './node-crypto.js';
import type { PageScript } from './page-script.js';

const now = (): number => Date.now();

/**
 * @param settings of `loadVerifierConfig`; `gateway` is where records come from and reports go to
 * @returns built, not listening; it starts without the gateway too, and answers that the register does not
 */
export function verifierAlone({ gateway, issuer, origin, operator, limits, trustedProxies }: VerifierSettings, script?: PageScript, scripts?: CredentialScripts): FastifyInstance {
  const [records, crypto] = [httpPublicRecords({ gateway, now }), nodeCrypto()];
  return buildVerifier({
    records, inbox: httpReportInbox({ gateway }), crypto,
    credentials: credentialChecks({ ledger: httpTrustSource({ gateway }), trust: () => records.trust(), issuer: { origin: issuer }, crypto, now, ...(scripts === undefined ? {} : { scripts }) }),
    now, origin, operator, limits, trustedProxies, ...(script === undefined ? {} : { script }),
  });
}
