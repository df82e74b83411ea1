/**
 * Starts verifier, gateway and issuer in one process: on an embedded ledger, with `--fabric` on the Fabric network whose
 * folder FABRIC_NETWORK names. Settings come from the environment.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Problem } from '#domain/errors.js';
import { contracts } from './chaincode/index.js';
import { loadConfig, type Settings } from './gateway/config.js';
import { readLandmarks, writeLandmarks } from './gateway/demonstration/demonstration-file.js';
import { guide } from './gateway/demonstration/guide.js';
import { injectedApi } from './gateway/demonstration/injected-api.js';
import { tellCredentials } from './gateway/demonstration/credential-story.js';
import { tellStory, type Landmarks } from './gateway/demonstration/story.js';
import { startGateway, type Gateway } from './gateway/start.js';
import { loadIssuerConfig } from './issuer/config.js';
import { injectedGateway } from './issuer/ledger/injected-gateway.js';
import { withBatches } from './issuer/batches/add-batches.js';
import { startIssuer, type Issuer } from './issuer/start.js';
import { buildVerifier } from './verifier/server/build-verifier.js';
import { loadVerifierConfig, type VerifierSettings } from './verifier/server/config.js';
import { credentialChecks } from './verifier/server/credentials/credential-checks.js';
import { loadCredentialScripts } from './verifier/server/credentials/credential-scripts.js';
import type { AskIssuer } from './verifier/server/credentials/issuer-service.js';
import { nodeCrypto } from './verifier/server/node-crypto.js';
import { loadPageScript } from './verifier/server/page-script.js';

const print = (text: string): void => void process.stdout.write(`${text}\n`);

type Environment = Readonly<Record<string, string | undefined>>;

/** On a network: where it is described, and a data folder that the embedded ledger has never seen. */
function environment(): Environment {
  const { env } = process;
  if (!process.argv.includes('--fabric')) return env;
  return { GATEWAY_FABRIC: join(env['FABRIC_NETWORK'] ?? 'data/fabric', 'connection.json'), GATEWAY_DATA: 'data/fabric-services', ...env };
}

/** Tells the demonstration on the first start; one that was cut short is not told again over its own half. */
async function demonstration(gateway: Gateway, issuer: Issuer, settings: Settings, wanted: boolean): Promise<Landmarks | undefined> {
  const told = await readLandmarks(settings.dataFolder);
  if (told !== undefined || !wanted) return told;
  if (gateway.operatorKey === undefined) {
    print(`No demonstration in ${settings.dataFolder}: it was started empty, or the first start was cut short. Remove the folder to load it.\n`);
    return undefined;
  }
  const key = (await readFile(join(settings.dataFolder, 'operator-key.txt'), 'utf8')).trim();
  const api = injectedApi(gateway.app, issuer.app, key);
  const tell = (step: string): void => print(`  … ${step}`);
  const landmarks = { ...await tellStory(api, tell), credentials: await tellCredentials(api, tell) };
  await writeLandmarks(settings.dataFolder, landmarks);
  return landmarks;
}

/** The site asks gateway and issuer in this process as it would ask them over HTTP. */
async function verifierOf(gateway: Gateway, issuer: Issuer, { origin, operator, limits, trustedProxies }: VerifierSettings): Promise<FastifyInstance> {
  const [crypto, records, now] = [nodeCrypto(), gateway.publicRecords, (): number => Date.now()];
  const folder = new URL('verifier/', import.meta.url).pathname;
  const ask: AskIssuer = async ({ method, path, headers, body }) => {
    const answer = await issuer.app.inject({ method, url: path, headers, ...(body === undefined ? {} : { payload: body }) });
    return { status: answer.statusCode, body: answer.body };
  };
  const credentials = credentialChecks({
    ledger: records, trust: async () => records.trust(), issuer: { origin: issuer.parts.settings.origin, ask }, crypto, now,
    scripts: await loadCredentialScripts(folder),
  });
  return buildVerifier({
    records, inbox: gateway.reportInbox, credentials, crypto, now, origin, operator, limits, trustedProxies,
    script: await loadPageScript(join(folder, 'page.js')),
  });
}

/** The issuer asks the gateway what any other client could ask; its folder is the gateway's, one below. */
async function issuerOf(gateway: Gateway, dataFolder: string, verifierOrigin: string, onFailure: (error: Error) => void): Promise<Issuer> {
  const settings = loadIssuerConfig({ ISSUER_LOG_LEVEL: 'warn', ISSUER_TRUSTED_PROXIES: '127.0.0.1', ISSUER_DATA: join(dataFolder, 'issuer'), ISSUER_VERIFIER_ORIGIN: verifierOrigin, ...environment() });
  const api = injectedGateway(gateway.app);
  return startIssuer(settings, { gateway: api, onFailure, more: withBatches(api) });
}

async function run(): Promise<void> {
  const site = loadVerifierConfig(environment());
  const settings = loadConfig({ GATEWAY_LOG_LEVEL: 'warn', GATEWAY_LINK_HOST: new URL(site.origin).host, ...environment() });
  const stop = (): void => void process.kill(process.pid, 'SIGTERM');
  const onFailure = (error: Error): void => {
    process.stderr.write(`disk error, stopping: ${error.message}\n`);
    process.exitCode = 1;
    stop();
  };
  const gateway = await startGateway(settings, { contracts, onFailure });
  const issuer = await issuerOf(gateway, settings.dataFolder, site.origin, onFailure);
  const landmarks = await demonstration(gateway, issuer, settings, !process.argv.includes('--empty'));
  const verifier = await verifierOf(gateway, issuer, site);
  const addresses = {
    verifier: site.origin,
    gateway: await gateway.app.listen({ host: settings.host, port: settings.port }),
    issuer: await issuer.app.listen({ host: issuer.parts.settings.host, port: issuer.parts.settings.port }),
    folder: settings.dataFolder,
  };
  await verifier.listen({ host: site.host, port: site.port });
  closeOnSignal(verifier, issuer, gateway);
  print(await guide(addresses, landmarks));
}

/** First nobody is let in any more, then the gateway finishes what it acknowledged. */
function closeOnSignal(verifier: FastifyInstance, issuer: Issuer, gateway: Gateway): void {
  let closing = false;
  const close = async (): Promise<void> => {
    if (closing) return;
    closing = true;
    await Promise.all([verifier.close(), issuer.close()]);
    await gateway.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void close());
}

try {
  await run();
} catch (error) {
  process.stderr.write(error instanceof Problem ? `${error.message}\n` : `${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  process.exit(1);
}
