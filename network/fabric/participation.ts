/** Channel participation of an orderer (Fabric's REST interface): which channels it orders, and joining one. */
import { readFile } from 'node:fs/promises';
import { Problem } from '#domain/errors.js';
import { ask, type Endpoint } from './node-endpoints.js';

const CHANNELS = '/participation/v1/channels';
const BOUNDARY = 'minhchung-channel-participation';

/**
 * Lets an orderer join a channel, unless it has.
 *
 * @param admin the orderer's administrative port
 * @param block path of the channel's block 0
 * @returns true if it joined now
 * @throws Problem FABRIC_COMMAND_FAILED with the orderer's status and words
 */
export async function joinOrderer(admin: Endpoint, channel: string, block: string): Promise<boolean> {
  const known = await ask(admin, { method: 'GET', path: `${CHANNELS}/${channel}` });
  if (known.status === 200) return false;
  const { status, body } = await ask(admin, { method: 'POST', path: CHANNELS, contentType: `multipart/form-data; boundary=${BOUNDARY}`, body: multipart(await readFile(block)) });
  if (status !== 201) throw new Problem('FABRIC_COMMAND_FAILED', { command: `POST ${CHANNELS}`, said: `${status} ${body}` });
  return true;
}

/** One form field, `config-block` (RFC 7578). */
function multipart(block: Uint8Array): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="config-block"; filename="config.block"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), block, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]);
}
