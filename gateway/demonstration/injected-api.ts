/** The demonstration's calls, made to the apps of gateway and issuer as any client's would be. */
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, InjectOptions } from 'fastify';
import type { ApiCaller } from './api-caller.js';
import type { CredentialApi } from './credential-story.js';

type Answer = Readonly<Record<string, unknown>>;

/** Photos are beside the sources; a build compiles code and leaves them where they are. */
const PHOTOS = new URL('../../../gateway/demonstration/photos/', import.meta.url);

/** Between two questions whether a job is done. */
const PAUSE_MS = 50;

/**
 * @param gateway of `buildGateway`
 * @param issuer of `startIssuer`
 * @param operatorKey the operator's API key
 */
export function injectedApi(gateway: FastifyInstance, issuer: FastifyInstance, operatorKey: string): CredentialApi {
  return {
    operator: caller(gateway, operatorKey),
    withKey: (key) => caller(gateway, key),
    issuerOperator: caller(issuer, operatorKey),
    issuerWithKey: (key) => caller(issuer, key),
    pause: async () => wait(PAUSE_MS),
    photo: async (name) => readFile(await photoAt(`${name}.jpg`)),
  };
}

/** From `dist/gateway/demonstration` the sources are three folders up; from the sources themselves they are here. */
async function photoAt(name: string): Promise<URL> {
  const beside = new URL(`photos/${name}`, import.meta.url);
  return readFile(beside).then(() => beside, () => new URL(name, PHOTOS));
}

function caller(app: FastifyInstance, key: string): ApiCaller {
  const call = async (options: InjectOptions & { readonly url: string }): Promise<Answer> => {
    const answer = await app.inject({ ...options, headers: { ...options.headers, authorization: `Bearer ${key}` } });
    if (answer.statusCode >= 300) throw new Error(`${String(options.method)} ${options.url}: ${answer.statusCode} ${answer.body}`);
    return answer.json<Answer>();
  };
  return {
    get: async (path) => call({ method: 'GET', url: path }),
    post: async (path, body) => call({ method: 'POST', url: path, headers: { 'content-type': 'application/json' }, payload: JSON.stringify(body) }),
    upload: async (path, bytes, type) => call({ method: 'POST', url: path, headers: { 'content-type': type }, payload: Buffer.from(bytes) }),
  };
}
