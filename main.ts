/** Starts verifier, gateway and issuer in one process, on an embedded ledger. Settings come from the environment. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Problem } from '#domain/errors.js';
import { contracts } from './chaincode/index.js';
import { loadConfig, type Settings } from './gateway/config.js';
import { readLandmarks, writeLandmarks } from './gateway/demonstration/demonstration-file.js';
import { guide } from './gateway/demonstration/guide.js';
import { injectedApi } from './gateway/demonstration/injected-api.js';
import { tellStory, type Landmarks } from './gateway/demonstration/story.js';
import { startGateway, type Gateway } from './gateway/start.js';
import { buildIssuer } from './issuer/app.js';
import { buildVerifier } from './verifier/server/build-verifier.js';
import { nodeCrypto } from './verifier/server/node-crypto.js';
import { loadPageScript } from './verifier/server/page-script.js';

const LOOPBACK = '127.0.0.1';

/** Verifier's and issuer's own settings are few; the gateway's are in `gateway/config.ts`. */
const verifierPort = Number(process.env['VERIFIER_PORT'] ?? 8080);
const issuerPort = Number(process.env['ISSUER_PORT'] ?? 8082);
const origin = process.env['VERIFIER_ORIGIN'] ?? `http://${LOOPBACK}:${verifierPort}`;
const operator = {
  name: process.env['VERIFIER_OPERATOR'] ?? 'Minh Chứng (bản trình diễn · demonstration)',
  contact: process.env['VERIFIER_CONTACT'] ?? 'bao-cao@minhchung.example',
};

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Tells the demonstration on the first start; one that was cut short is not told again over its own half. */
async function demonstration(gateway: Gateway, settings: Settings, wanted: boolean): Promise<Landmarks | undefined> {
  const told = await readLandmarks(settings.dataFolder);
  if (told !== undefined || !wanted) return told;
  if (gateway.operatorKey === undefined) {
    print(`No demonstration in ${settings.dataFolder}: it was started empty, or the first start was cut short. Remove the folder to load it.\n`);
    return undefined;
  }
  const key = (await readFile(join(settings.dataFolder, 'operator-key.txt'), 'utf8')).trim();
  const landmarks = await tellStory(injectedApi(gateway.app, key), (step) => print(`  … ${step}`));
  await writeLandmarks(settings.dataFolder, landmarks);
  return landmarks;
}

async function verifierOf(gateway: Gateway): Promise<FastifyInstance> {
  const script = await loadPageScript(new URL('verifier/page.js', import.meta.url).pathname);
  return buildVerifier({ records: gateway.publicRecords, crypto: nodeCrypto(), now: () => Date.now(), origin, operator, script });
}

async function run(): Promise<void> {
  const settings = loadConfig({ GATEWAY_LOG_LEVEL: 'warn', GATEWAY_LINK_HOST: new URL(origin).host, ...process.env });
  const stop = (): void => void process.kill(process.pid, 'SIGTERM');
  const gateway = await startGateway(settings, { contracts, onFailure: (error) => {
    process.stderr.write(`disk error, stopping: ${error.message}\n`);
    process.exitCode = 1;
    stop();
  } });
  const landmarks = await demonstration(gateway, settings, !process.argv.includes('--empty'));
  const [verifier, issuer] = [await verifierOf(gateway), buildIssuer()];
  const addresses = {
    verifier: origin,
    gateway: await gateway.app.listen({ host: settings.host, port: settings.port }),
    issuer: await issuer.listen({ host: LOOPBACK, port: issuerPort }),
    folder: settings.dataFolder,
  };
  await verifier.listen({ host: process.env['VERIFIER_HOST'] ?? LOOPBACK, port: verifierPort });
  closeOnSignal([verifier, issuer], gateway);
  print(await guide(addresses, landmarks));
}

/** First nobody is let in any more, then the gateway finishes what it acknowledged. */
function closeOnSignal(apps: readonly FastifyInstance[], gateway: Gateway): void {
  let closing = false;
  const close = async (): Promise<void> => {
    if (closing) return;
    closing = true;
    await Promise.all(apps.map((app) => app.close()));
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
