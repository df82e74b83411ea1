import { describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { ISSUER_SETTINGS, loadIssuerConfig } from '../../issuer/config.js';

function refusalOf(env: Record<string, string>): Problem {
  try {
    loadIssuerConfig(env);
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('was accepted');
}

describe('settings', () => {
  it('have usual values', () => {
    expect(loadIssuerConfig({})).toEqual({
      host: '127.0.0.1', port: 8082, origin: 'http://localhost:8082', verifierOrigin: 'http://localhost:8080', dataFolder: 'data/issuer', keyFile: 'data/issuer/key-encryption-key',
      gateway: 'http://127.0.0.1:8081', gatewayPatienceMs: 10_000, listCapacity: 100_000, listRefreshMs: 21_600_000, revealsPerHour: 10, requestsPerMinute: 600, trustedProxies: [], logLevel: 'info',
    });
  });

  it.each([
    [{ ISSUER_PORT: '9082' }, { origin: 'http://localhost:9082' }], [{ ISSUER_PORT: '0' }, { origin: 'http://localhost:8082' }],
    [{ ISSUER_ORIGIN: 'https://cap.minhchung.example' }, { origin: 'https://cap.minhchung.example' }],
    [{ ISSUER_DATA: '/x' }, { keyFile: '/x/key-encryption-key' }], [{ ISSUER_DATA: '/x', ISSUER_KEY_FILE: '/run/secrets/kek' }, { keyFile: '/run/secrets/kek' }],
  ])('%j are read as they are meant', (env, expected) => {
    expect(loadIssuerConfig(env)).toMatchObject(expected);
  });

  it.each(['http://cap.minhchung.example', 'https://cap.minhchung.example/', 'https://CAP.example', 'https://user@cap.example', 'https://10.0.0.1:x', 'cap.minhchung.example', 'javascript:alert(1)'])('take no origin that a verifier would refuse in a credential: %s', (origin) => {
    expect(refusalOf({ ISSUER_ORIGIN: origin }).fields).toEqual({ ISSUER_ORIGIN: 'https:// and a host name, or http://localhost with a port' });
  });

  it('are refused all at once, each with what was expected', () => {
    const problem = refusalOf({ ISSUER_PORT: 'x', ISSUER_LOG_LEVEL: 'loud', ISSUER_LIST_CAPACITY: '131072', ISSUER_GATEWAY: 'ftp://x', ISSUER_KEK: 'secret' });
    expect([problem.code, problem.fields]).toEqual(['SETTING_WRONG', {
      ISSUER_PORT: 'whole number 0 to 65535', ISSUER_LOG_LEVEL: 'fatal | error | warn | info | debug | silent', ISSUER_LIST_CAPACITY: 'whole number 1 to 114688',
      ISSUER_GATEWAY: 'scheme and host, e.g. https://id.example.org', ISSUER_KEK: 'no such setting',
    }]);
  });

  it.each(['veramo:*', '*', 'x,veramo:agent:keyManagerSign'])('do not go with a debug log that would write claims down: DEBUG=%s', (debug) => {
    expect(refusalOf({ DEBUG: debug }).fields).toEqual({ DEBUG: 'nothing that switches on veramo:…' });
    expect(loadIssuerConfig({ DEBUG: 'fastify' }).port).toBe(8082);
  });

  it('name files that hold secrets, and never hold one', () => {
    expect(Object.keys(ISSUER_SETTINGS).filter((name) => /SECRET|PASSWORD|PRIVATE/.test(name))).toEqual([]);
    for (const { meaning } of Object.values(ISSUER_SETTINGS)) expect(meaning.length).toBeGreaterThan(10);
  });
});
