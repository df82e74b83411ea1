import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Problem } from '#domain/errors.js';
import { loadFabricConfig, SETTINGS } from '../../../network/fabric/config.js';
import { assertSameSettings } from '../../../network/fabric/make-network.js';
import { planTopology } from '../../../network/fabric/topology.js';

function refusalOf(work: () => unknown): Problem {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('was accepted');
}

describe('settings of the network', () => {
  test('have usual values', () => {
    expect(loadFabricConfig({})).toEqual({
      programs: undefined, folder: 'data/fabric', portBase: 17_000, consensus: 'bft', readyWithinMs: 60_000, renewWithinDays: 30, logging: 'warn', stated: [],
    });
  });

  test('are read as they are meant, and it is known which were stated', () => {
    const env = { FABRIC_BIN: '/srv/fabric/bin', FABRIC_PORT_BASE: '20000', FABRIC_CONSENSUS: 'raft', PATH: '/usr/bin' };
    expect(loadFabricConfig(env)).toMatchObject({ programs: '/srv/fabric/bin', portBase: 20_000, consensus: 'raft', stated: ['FABRIC_PORT_BASE', 'FABRIC_CONSENSUS'] });
  });

  test('are refused all at once, each with what was expected', () => {
    const { code, fields } = refusalOf(() => loadFabricConfig({ FABRIC_PORT_BASE: '80', FABRIC_CONSENSUS: 'solo', FABRIC_NETWORK: '', FABRIC_PROT: '1' }));
    expect([code, fields]).toEqual(['SETTING_WRONG', {
      FABRIC_PORT_BASE: 'whole number 1024 to 65000', FABRIC_CONSENSUS: 'bft | raft | raft-single', FABRIC_NETWORK: 'text, not empty', FABRIC_PROT: 'no such setting',
    }]);
  });

  test('what Fabric\'s own programs read is not taken for ours', () => {
    expect(loadFabricConfig({ FABRIC_CFG_PATH: '/etc/hyperledger/fabric' }).portBase).toBe(17_000);
  });

  test('stand in the README in this order', () => {
    const rows = readFileSync('network/fabric/README.md', 'utf8').split('\n').filter((line) => line.startsWith('| `FABRIC_')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
    expect(rows).toEqual(Object.entries(SETTINGS).map(([name, { fallback, meaning }]) => [`\`${name}\``, fallback === '' ? '' : `\`${fallback}\``, meaning]));
  });
});

describe('settings that a network was not made with', () => {
  const made = planTopology({ consensus: 'bft', portBase: 17_000 });

  test('are refused by name, with what it was made with', () => {
    const { code, fields } = refusalOf(() => { assertSameSettings(made, loadFabricConfig({ FABRIC_PORT_BASE: '20000', FABRIC_CONSENSUS: 'raft' })); });
    expect([code, fields]).toEqual(['FABRIC_SETTINGS_DIFFER', { FABRIC_PORT_BASE: 'made with 17000', FABRIC_CONSENSUS: 'made with bft' }]);
  });

  test.each([['left out', {}], ['the same', { FABRIC_PORT_BASE: '17000', FABRIC_CONSENSUS: 'bft' }]])('are no matter if they are %s', (_, env) => {
    expect(() => { assertSameSettings(made, loadFabricConfig(env)); }).not.toThrow();
  });
});
