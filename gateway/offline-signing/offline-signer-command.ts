/**
 * Signs transactions with a firm's own key, for its scripts and as an example for its own programs.
 *
 *     offline-signer-command.js key firm.key                               makes a P-256 key
 *     offline-signer-command.js enrol firm.key firm.pem                    has a certificate made for it
 *     offline-signer-command.js submit firm.key firm.pem goods:ship request.json [idempotency key]
 *
 * MINHCHUNG_API is the gateway's address, MINHCHUNG_API_KEY the API key.
 */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { parseStrictJson } from '#domain/strict-json.js';
import { enrolKey, submitSigned, type CallGateway } from './offline-client.js';

const USAGE = 'usage: key <key file> | enrol <key file> <certificate file> | submit <key file> <certificate file> <transaction> <request file> [idempotency key]';

const call: CallGateway = async (method, path, body, headers = {}) => {
  const answer = await fetch(new URL(path, process.env['MINHCHUNG_API'] ?? 'http://127.0.0.1:8081'), {
    method, headers: { authorization: `Bearer ${process.env['MINHCHUNG_API_KEY'] ?? ''}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const told = await answer.json() as Readonly<Record<string, unknown>>;
  if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify({ code: told['code'], message: told['messageEn'] ?? told['title'], fields: told['fields'] })}`);
  return told;
};

async function run([command, keyFile, certificateFile, transaction, requestFile, idempotencyKey]: readonly string[]): Promise<string> {
  if (command === 'key' && keyFile !== undefined) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
    return `${keyFile} made; it never has to leave this machine`;
  }
  if (keyFile === undefined || certificateFile === undefined) throw new Error(USAGE);
  const key = createPrivateKey(await readFile(keyFile));
  if (command === 'enrol') {
    await writeFile(certificateFile, await enrolKey(call, key, 'offline-signer'));
    return `${certificateFile} made`;
  }
  if (command !== 'submit' || transaction === undefined || requestFile === undefined) throw new Error(USAGE);
  const request = parseStrictJson(await readFile(requestFile, 'utf8'), 2_000_000) as Readonly<Record<string, unknown>>;
  const certificate = await readFile(certificateFile, 'utf8');
  return JSON.stringify(await submitSigned(call, { key, certificate, transaction, request, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) }), null, 2);
}

try {
  process.stdout.write(`${await run(process.argv.slice(2))}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
