/** Serves contracts to the organisation's own peer, over mutual TLS, through fabric-shim's server. */
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Problem } from '#domain/errors.js';
import type { ContractClass } from '../shim/fabric-shim-parts.js';
import { codeDigest } from './code-digest.js';
import { isKept } from './kept-code.js';
import { OTHER_CODE, type ServerOrder } from './server-order.js';

/**
 * Runs until it is told to stop, or until the keeper that started it is gone. Where the program is not what was approved, because
 * another version has been checked out since, the one that was kept runs in its place.
 *
 * @param contracts loads the classes as a peer would load them; the first one is the default contract. Not called where the kept
 *   program runs: two versions in one process would change the same packages twice
 * @param entry path of the program itself, whose code is compared with what it was started for
 * @param orderFile path of `server.json`
 */
export async function runChaincodeServer(contracts: () => Promise<readonly ContractClass[]>, entry: string, orderFile: string): Promise<void> {
  try {
    const order = JSON.parse(await readFile(orderFile, 'utf8')) as ServerOrder;
    const own = await codeDigest(entry);
    if (own !== order.digest) {
      await runKept(order, own);
      return;
    }
    const stop = await serve(await contracts(), order);
    for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, () => { void stop().then(() => process.exit(0)); });
    process.send?.('listening');
    process.stdout.write(`${order.name} ${order.digest} listens on ${order.listen}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
    process.exit(error instanceof Problem ? OTHER_CODE : 1);
  }
}

/**
 * The kept program compares itself with the order once more, as it would if it were started by itself.
 *
 * @throws Problem FABRIC_CODE_DIFFERENT if it is not what was approved either
 */
async function runKept({ digest, kept }: ServerOrder, own: string): Promise<void> {
  if (!await isKept(kept, digest)) throw new Problem('FABRIC_CODE_DIFFERENT', { approved: digest, own });
  await import(pathToFileURL(await realpath(kept)).href);
}

async function serve(contracts: readonly ContractClass[], { name, packageId, listen, tls, clientRoot }: ServerOrder): Promise<() => Promise<void>> {
  const { startChaincodeServer } = await import('../shim/fabric-shim-parts.js');
  const certificate = await readFile(join(tls, 'certificate.pem'));
  const key = await readFile(join(tls, 'key.pem'));
  return startChaincodeServer({ contracts, name, packageId, listen, tls: { certificate, key, clientRoot: await readFile(clientRoot) } });
}
