import { describe, expect, it } from 'vitest';
import { Problem } from '#domain/errors.js';
import { loadConfig, SETTINGS } from '../../../gateway/config.js';

function refusalOf(env: Record<string, string>): Problem {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('was accepted');
}

describe('settings', () => {
  it('have usual values', () => {
    expect(loadConfig({})).toEqual({
      host: '127.0.0.1', port: 8081, dataFolder: 'data', linkHost: 'localhost:8080', registrar: 'so-dang-ky', commitWithinMs: 5000,
      requestsPerMinute: 6000, publicRequestsPerMinute: 600, mostInFlight: 512, mostConnections: 2000, trustedProxies: [], logLevel: 'info',
      fabricConnection: undefined, fabricOrganisation: 'RegulatorMSP', reportsPerDay: 200, openReportsPerItem: 200, mostReports: 500_000,
    });
  });

  it('are read as they are meant', () => {
    const env = { GATEWAY_LINK_HOST: 'ID.Example.VN', GATEWAY_TRUSTED_PROXIES: '10.0.0.1, fd00::/8', GATEWAY_PORT: '0', GATEWAY_LOG_LEVEL: 'silent', GATEWAY_FABRIC: 'data/fabric/connection.json', GATEWAY_FABRIC_ORGANISATION: 'IndustryMSP', PATH: '/usr/bin' };
    expect(loadConfig(env)).toMatchObject({ linkHost: 'id.example.vn', trustedProxies: ['10.0.0.1', 'fd00::/8'], port: 0, logLevel: 'silent', fabricConnection: 'data/fabric/connection.json', fabricOrganisation: 'IndustryMSP' });
  });

  it('are refused all at once, each with what was expected', () => {
    const problem = refusalOf({ GATEWAY_PORT: '65536', GATEWAY_LINK_HOST: 'https://x', GATEWAY_REGISTRAR: 'Sở', GATEWAY_LOG_LEVEL: 'loud', GATEWAY_PROT: '1', GATEWAY_TRUSTED_PROXIES: 'all', GATEWAY_FABRIC_ORGANISATION: 'Sở MSP' });
    expect(problem.code).toBe('SETTING_WRONG');
    expect(problem.fields).toEqual({
      GATEWAY_PORT: 'whole number 0 to 65535',
      GATEWAY_LINK_HOST: 'host, or host:port',
      GATEWAY_FABRIC_ORGANISATION: 'MSP id, e.g. RegulatorMSP',
      GATEWAY_REGISTRAR: 'organisation id: 2 to 32 of a-z, 0-9, inner hyphens',
      GATEWAY_LOG_LEVEL: 'fatal | error | warn | info | debug | silent',
      GATEWAY_TRUSTED_PROXIES: 'addresses or networks, with commas between them',
      GATEWAY_PROT: 'no such setting',
    });
  });

  it.each(['', '-1', '1.5', '0x10', '1e3', ' 8081', 'NaN'])('takes no number written %j', (port) => {
    expect(refusalOf({ GATEWAY_PORT: port }).fields).toEqual({ GATEWAY_PORT: 'whole number 0 to 65535' });
  });

  it.each(['10.0.0.999', '10.0.0.1/33', 'fd00::/129', '10.0.0.1/', '10.0.0.1/8/8', 'proxy.example'])('takes no network written %j', (proxies) => {
    expect(Object.keys(refusalOf({ GATEWAY_TRUSTED_PROXIES: proxies }).fields)).toEqual(['GATEWAY_TRUSTED_PROXIES']);
  });

  it('each have a meaning', () => {
    for (const { meaning } of Object.values(SETTINGS)) expect(meaning.length).toBeGreaterThan(10);
  });
});
