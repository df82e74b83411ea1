import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadVerifierConfig, VERIFIER_SETTINGS } from '../../../verifier/server/config.js';
import { throwsWith } from '../../support/rejects-with.js';

describe('the site\'s settings', () => {
  test('are refused all at once, each with what was expected', () => {
    const wrong = { VERIFIER_PORT: '65536', VERIFIER_ORIGIN: 'id.example.org', VERIFIER_GATEWAY: 'http://x/path', VERIFIER_TRUSTED_PROXIES: 'all', VERIFIER_REPORTS_PER_HOUR: '0', VERIFIER_OPERATOR: '', VERIFIER_PROT: '1' };
    const address = 'https://host or http://host:port';
    throwsWith(() => loadVerifierConfig(wrong), 'SETTING_WRONG', {
      VERIFIER_PORT: 'whole number 0 to 65535', VERIFIER_ORIGIN: address, VERIFIER_GATEWAY: address, VERIFIER_TRUSTED_PROXIES: 'addresses or networks, with commas between them',
      VERIFIER_REPORTS_PER_HOUR: 'whole number 1 to 1000000', VERIFIER_OPERATOR: 'text, not empty', VERIFIER_PROT: 'no such setting',
    });
  });

  test.each(['ftp://x', 'https://x/y', 'https://x?y', 'https://a@x', 'https://', 'x'])('takes no origin written %s', (origin) => throwsWith(() => loadVerifierConfig({ VERIFIER_ORIGIN: origin }), 'SETTING_WRONG'));

  test('have usual values: no proxy is trusted', () => {
    expect(loadVerifierConfig({ PATH: '/usr/bin' })).toEqual({
      host: '127.0.0.1', port: 8080, origin: 'http://127.0.0.1:8080', operator: { name: expect.any(String), contact: expect.any(String) }, gateway: 'http://127.0.0.1:8081', issuer: 'http://localhost:8082',
      trustedProxies: [], limits: { requestsPerMinute: 3000, reportsPerHour: 30, revealsPerHour: 60, mostInFlight: 512 },
    });
  });

  test('are read as they are meant', () => {
    expect(loadVerifierConfig({ VERIFIER_ORIGIN: 'HTTPS://ID.Example.vn/', VERIFIER_TRUSTED_PROXIES: '10.0.0.1, fd00::/8' })).toMatchObject({ origin: 'https://id.example.vn', trustedProxies: ['10.0.0.1', 'fd00::/8'] });
    expect(loadVerifierConfig({ VERIFIER_PORT: '9000' })).toMatchObject({ origin: 'http://127.0.0.1:9000' });
  });

  test('stand in the README', () => {
    const section = readFileSync('verifier/README.md', 'utf8').split('\n## Settings\n')[1]?.split('\n## ')[0] ?? '';
    const rows = section.split('\n').filter((line) => line.startsWith('| `')).map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim().replaceAll('`', '')));
    expect(rows).toEqual(Object.entries(VERIFIER_SETTINGS).map(([name, { fallback, meaning }]) => [name, fallback, meaning]));
  });
});
