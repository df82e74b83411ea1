/** The issuer as a program of its own, beside a gateway over HTTP. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildChild } from '../network/child-program.js';
import { runGateway, type RunningGateway } from '../gateway/app/running-gateway.js';

let gateway: RunningGateway;
let origin: string;
let folder: string;
beforeAll(async () => {
  gateway = await runGateway();
  origin = await gateway.app.listen({ host: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'minhchung-issuer-main-'));
});
afterAll(async () => {
  await gateway.remove();
  await rm(folder, { recursive: true, force: true });
});

async function start(env: Record<string, string>): Promise<{ address: Promise<string>; stop: () => void; ended: Promise<[number | null, string]> }> {
  const program = await buildChild('issuer/main.ts');
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] ?? '', ISSUER_DATA: folder, ISSUER_PORT: '0', ISSUER_GATEWAY: origin, ISSUER_LOG_LEVEL: 'silent', ...env } });
  const errors: string[] = [];
  child.stderr.on('data', (text: Buffer) => { errors.push(text.toString()); });
  const address = (async () => {
    for await (const line of createInterface({ input: child.stdout })) return line.replace(/^issuer /, '');
    return '';
  })();
  const ended = once(child, 'exit').then(([code]): [number | null, string] => [code as number | null, errors.join('')]);
  return { address, stop: () => void child.kill('SIGTERM'), ended };
}

describe('the program', () => {
  it('answers on its port, asks the gateway who calls, and ends when it is told to', async () => {
    const { address, stop, ended } = await start({});
    const at = await address;
    expect(await (await fetch(`${at}/healthz`)).json()).toEqual({ status: 'ok' });
    const asked = await fetch(`${at}/v1/dids`, { headers: { authorization: `Bearer ${gateway.operator.key}` } });
    expect([asked.status, await asked.json()]).toEqual([200, { dids: [] }]);
    expect((await fetch(`${at}/v1/batches`)).status).toBe(401);
    stop();
    expect(await ended).toEqual([0, '']);
  });

  it.each([
    ['settings that are wrong', { ISSUER_PORT: 'x', ISSUER_PROT: '1' }, 'SETTING_WRONG {"ISSUER_PORT":"whole number 0 to 65535","ISSUER_PROT":"no such setting"}\n'],
    ['a debug log that would write claims down', { DEBUG: 'veramo:*' }, 'SETTING_WRONG {"DEBUG":"nothing that switches on veramo:…"}\n'],
  ])('does not start with %s', async (_, env, said) => {
    const { ended } = await start(env);
    expect(await ended).toEqual([1, said]);
  });

  it('does not start without the key of its data', async () => {
    await rm(join(folder, 'key-encryption-key'));
    const { ended } = await start({});
    const [code, said] = await ended;
    expect([code, said.split(' ')[0]]).toEqual([1, 'KEY_FILE_MISSING']);
  });
});
