/**
 * Units for systemd and the compose file: what they let each program touch, and whether systemd and compose would take them.
 * Where those programs are missing, the test says so and is not run.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composeFile } from '../../../network/fabric/hosts/compose-file.js';
import { prepareHost } from '../../../network/fabric/hosts/host-start.js';
import { nodeServices, serverServices, watchService, type NodeService, type Tenants } from '../../../network/fabric/hosts/node-services.js';
import { nodeUnitOf, serverUnitOf, serviceUnits, targetOf, unitsOf, watchUnitOf, type UnitPlan } from '../../../network/fabric/hosts/service-units.js';
import { isInUnit } from '../../../network/fabric/hosts/unit-processes.js';
import { NetworkFolder } from '../../../network/fabric/network-folder.js';
import { nodesHere } from '../../../network/fabric/nodes-here.js';
import type { Topology } from '../../../network/fabric/topology.js';
import { files, Machines, PLAN } from './machines.js';

const runs = (program: string, ...parameters: string[]): boolean => {
  try {
    execFileSync(program, parameters, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const hasSystemd = runs('systemd-analyze', '--version');
const hasCompose = runs('docker', 'compose', 'version');
if (!hasSystemd) console.info('not run: systemd\'s own check of the units (no systemd-analyze)');
if (!hasCompose) console.info('not run: compose\'s own check of compose.yaml (no docker compose plug-in); its rules are checked here');

/** Highest exposure that systemd-analyze may find, in tenths. */
const MOST_EXPOSURE = 15;

const NETWORK = unitsOf(PLAN);
const [TARGET, WATCH] = [targetOf(NETWORK), watchUnitOf(NETWORK)];
const root = join(tmpdir(), `minhchung-units-${process.pid}`);
const machine = new Machines(root);
const folder = machine.folder('regulator');
let label = '';
let plan: UnitPlan;
let units: Readonly<Record<string, string>>;

beforeAll(async () => {
  await machine.make('regulator', 'RegulatorMSP');
  const entry = join(root, 'dist', 'network', 'fabric', 'chaincode-server.js');
  await mkdir(join(entry, '..'), { recursive: true });
  await writeFile(entry, '');
  await writeFile(join(root, 'package.json'), '{}');
  await mkdir(join(root, 'node_modules'));
  ({ package: { label } } = await prepareHost({ folder, topology: PLAN }, { name: 'minhchung', entry }));
  plan = unitPlan(folder, entry);
  units = serviceUnits(plan);
});
afterAll(async () => rm(root, { recursive: true, force: true }));

const tenantsOf = (of: NetworkFolder, all = PLAN): Tenants => ({ here: nodesHere(of, all), all });

function unitPlan(of: NetworkFolder, entry: string): UnitPlan {
  const tenants = tenantsOf(folder);
  return { network: NETWORK, user: 'minhchung', programs: { peer: '/bin/sh', orderer: '/bin/sh', node: process.execPath }, logging: 'warn', nodes: nodeServices(of, tenants), servers: serverServices(of, tenants), entry, finalStatus: 78, watch: { ...watchService(of, tenants)!, command: [process.execPath, '--max-old-space-size=64', '/srv/watch-orderers.js'] } };
}

/** Every value of a setting in a unit. */
const values = (unit: string, name: string): string[] => unit.split('\n').filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
const isBelow = (path: string, above: string): boolean => path === above || path.startsWith(`${above}/`);

/** Every file with a private key in it, whatever its name. */
async function keys(of = folder): Promise<string[]> {
  return [...await files(of.root)].filter(([, content]) => content.includes('PRIVATE KEY')).map(([file]) => join(of.root, file));
}

/** The keys that a unit leaves to be seen. */
async function seenBy(unit: string, of = folder): Promise<string[]> {
  const hidden = values(unit, 'InaccessiblePaths').join(' ').split(' ').map((path) => path.replace(/^-/, ''));
  return (await keys(of)).filter((key) => !hidden.some((path) => isBelow(key, path)));
}

const host = folder.host('RegulatorMSP');
/** The one folder with keys that each program is to read. */
const OWN_KEYS: Readonly<Record<string, string>> = { 'minhchung-17000-orderer-RegulatorMSP.service': host.orderer.root, 'minhchung-17000-peer-RegulatorMSP.service': host.peer.root, 'minhchung-17000-chaincode-RegulatorMSP@.service': host.chaincodes, [WATCH]: host.operations };

describe('units', () => {
  test('one for each node, a template for the chaincode server, one target', () => {
    expect(Object.keys(units).toSorted()).toEqual([...Object.keys(OWN_KEYS), TARGET].toSorted());
    expect(serverUnitOf(NETWORK, 'RegulatorMSP', label)).toBe(`minhchung-17000-chaincode-RegulatorMSP@${label}.service`);
  });

  test('of two networks on one machine have no name in common', () => {
    const others = serviceUnits({ ...plan, network: unitsOf({ portBase: 18_000 }) });
    expect(Object.keys(others)).toHaveLength(Object.keys(units).length);
    expect(Object.keys(others).filter((name) => name in units)).toEqual([]);
    for (const text of Object.values(others)) expect(text).not.toContain('minhchung-17000');
  });

  test.each(Object.entries(OWN_KEYS))('%s cannot read a key that is not its own', async (name, own) => {
    const seen = await seenBy(units[name]!);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter((key) => !isBelow(key, own))).toEqual([]);
  });

  test('of several organisations on one machine see their own organisation\'s alone', async () => {
    const shared = machine.folder('shared');
    for (const mspId of ['RegulatorMSP', 'IndustryMSP']) await machine.make('shared', mspId);
    await machine.make('shared', 'EducationMSP', ['authority']);
    await prepareHost({ folder: shared, topology: PLAN }, { name: 'minhchung', entry: plan.entry });
    const tenants = tenantsOf(shared);
    const all = serviceUnits({ ...plan, nodes: nodeServices(shared, tenants), servers: serverServices(shared, tenants), watch: { ...watchService(shared, tenants)!, command: [] } });
    const programs = Object.keys(all).filter((name) => name.endsWith('.service') && name !== WATCH);
    expect(programs).toHaveLength(2 * 3);
    for (const name of programs) {
      const own = shared.host(name.includes('Regulator') ? 'RegulatorMSP' : 'IndustryMSP');
      const place = name.includes('orderer') ? own.orderer.root : name.includes('peer') ? own.peer.root : own.chaincodes;
      const seen = await seenBy(all[name]!, shared);
      expect({ name, sees: seen.length > 0, foreign: seen.filter((key) => !isBelow(key, place)) }).toEqual({ name, sees: true, foreign: [] });
    }
    expect((await seenBy(all[WATCH]!, shared)).toSorted()).toEqual(['IndustryMSP', 'RegulatorMSP'].map((mspId) => join(shared.host(mspId).operations, 'key.pem')));
  });

  test.each(Object.keys(OWN_KEYS))('%s runs as its user, with no right more than it needs', (name) => {
    const unit = units[name]!;
    const wanted = { User: ['minhchung'], NoNewPrivileges: ['yes'], CapabilityBoundingSet: [''], ProtectSystem: ['strict'], PrivateTmp: ['yes'], PrivateDevices: ['yes'], Restart: ['always'], After: ['network-online.target'], PartOf: [TARGET] };
    expect(Object.fromEntries(Object.keys(wanted).map((one) => [one, values(unit, one)]))).toEqual(wanted);
  });

  test('a node writes its data and nothing else, the chaincode server nothing at all', () => {
    expect(values(units['minhchung-17000-peer-RegulatorMSP.service']!, 'ReadWritePaths')).toEqual([host.peer.data]);
    expect(values(units['minhchung-17000-orderer-RegulatorMSP.service']!, 'ReadWritePaths')).toEqual([host.orderer.data]);
    expect(values(units['minhchung-17000-chaincode-RegulatorMSP@.service']!, 'ReadWritePaths')).toEqual([]);
  });

  test('the chaincode server has this machine alone, and is not started again on other code', () => {
    const unit = units['minhchung-17000-chaincode-RegulatorMSP@.service']!;
    expect([values(unit, 'IPAddressDeny'), values(unit, 'IPAddressAllow'), values(unit, 'RestartPreventExitStatus')]).toEqual([['any'], ['localhost'], ['78']]);
    expect(values(unit, 'ExecStart')).toEqual([`${process.execPath} ${plan.entry} ${host.chaincodes}/%i/server.json`]);
  });

  test('the watch writes nothing, has this machine alone, and sees processes in other sandboxes', () => {
    const unit = units[WATCH]!;
    expect([values(unit, 'ReadWritePaths'), values(unit, 'IPAddressDeny'), values(unit, 'IPAddressAllow'), values(unit, 'ProtectProc')]).toEqual([[], ['any'], ['localhost'], ['default']]);
    expect(values(unit, 'ExecStart')).toEqual([`${process.execPath} --max-old-space-size=64 /srv/watch-orderers.js ${folder.root}`]);
  });

  test.each<[string, Partial<Topology>]>([['orderers agree by Raft', { consensus: 'raft' }], ['there is no orderer', { organisations: PLAN.organisations.map(({ orderer: _orderer, ...one }) => one) }]])('where %s there is no watch', (_, other) => {
    expect(watchService(folder, tenantsOf(folder, { ...PLAN, ...other }))).toBeUndefined();
    const { watch: _watch, ...without } = plan;
    expect(Object.keys(serviceUnits(without))).not.toContain(WATCH);
  });

  test.each([
    ['0::/system.slice/minhchung-17000-orderer-RegulatorMSP.service\n', true],
    ['12:pids:/x\n1:name=systemd:/system.slice/minhchung-17000-orderer-RegulatorMSP.service\n0::/\n', true],
    ['0::/system.slice/minhchung-17000-orderer-RegulatorMSP.service/deeper\n', false],
    ['0::/system.slice/other-minhchung-17000-orderer-RegulatorMSP.service\n', false],
    ['0::/system.slice/minhchung-17000-peer-RegulatorMSP.service\n', false],
    ['', false],
  ])('a process whose cgroup(7) file is %j is in the orderer\'s unit: %s', (cgroup, isIn) => {
    expect(isInUnit(cgroup, nodeUnitOf(NETWORK, 'orderer-RegulatorMSP'))).toBe(isIn);
  });

  test.each([
    ['/var/lib/minhchung/fabric', 'StateDirectory', 'minhchung/fabric/hosts/RegulatorMSP/peer/data', 'yes'],
    ['/srv/fabric', 'ReadWritePaths', '/srv/fabric/hosts/RegulatorMSP/peer/data', 'yes'],
    ['/home/an/fabric', 'ReadWritePaths', '/home/an/fabric/hosts/RegulatorMSP/peer/data', 'read-only'],
  ])('a network in %s is written by %s=%s, homes are %s', (place, setting, path, homes) => {
    const unit = serviceUnits(unitPlan(new NetworkFolder(place), '/srv/minhchung/x.js'))['minhchung-17000-peer-RegulatorMSP.service']!;
    expect([values(unit, setting), values(unit, 'ProtectHome')]).toEqual([[path], [homes]]);
  });

  test.each([
    ['/srv/a b', '"FABRIC_CFG_PATH=/srv/a b/hosts/RegulatorMSP/peer"', '"/srv/a b/hosts/RegulatorMSP/peer/data/externalbuilder"'],
    ['/srv/100%', 'FABRIC_CFG_PATH=/srv/100%%/hosts/RegulatorMSP/peer', '/srv/100%%/hosts/RegulatorMSP/peer/data/externalbuilder'],
    ['/srv/$HOME', '"FABRIC_CFG_PATH=/srv/$HOME/hosts/RegulatorMSP/peer"', '"/srv/$$HOME/hosts/RegulatorMSP/peer/data/externalbuilder"'],
    ['/srv/"q"\\', '"FABRIC_CFG_PATH=/srv/\\"q\\"\\\\/hosts/RegulatorMSP/peer"', '"/srv/\\"q\\"\\\\/hosts/RegulatorMSP/peer/data/externalbuilder"'],
  ])('the folder %s is written as systemd.syntax(7) reads it', (place, environment, stale) => {
    const unit = serviceUnits(unitPlan(new NetworkFolder(place), '/srv/x.js'))['minhchung-17000-peer-RegulatorMSP.service']!;
    expect([values(unit, 'Environment')[0], values(unit, 'ExecStartPre')]).toEqual([environment, [`/bin/rm -rf ${stale}`]]);
  });

  describe.skipIf(!hasSystemd)('systemd', () => {
    async function written(all: Readonly<Record<string, string>>): Promise<string> {
      const directory = join(root, `units-${Math.random().toString(36).slice(2)}`);
      await mkdir(directory);
      for (const [name, text] of Object.entries(all)) await writeFile(join(directory, name), text);
      return directory;
    }

    const analyze = (...parameters: string[]): string => execFileSync('systemd-analyze', parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

    test.each([['as it is', '/x'], ['in a folder with a space, a per cent sign and a dollar', '/srv/a b%c $d']])('takes every unit: %s', async (_, place) => {
      const all = place === '/x' ? units : serviceUnits(unitPlan(new NetworkFolder(place), plan.entry));
      const directory = await written(all);
      for (const name of Object.keys(all)) expect(analyze('verify', '--man=no', join(directory, name.replace('@', `@${label}`)))).toBe('');
    });

    test('finds a mistake, or the check above says nothing', async () => {
      const directory = await written({ 'bad.service': units['minhchung-17000-peer-RegulatorMSP.service']!.replace('ExecStart=/bin/sh', 'ExecStart=/no/such/program') });
      expect(() => analyze('verify', '--man=no', join(directory, 'bad.service'))).toThrow(/no\/such\/program/);
    });

    test.each(Object.keys(OWN_KEYS))('finds little to attack in %s', async (name) => {
      const directory = await written(units);
      expect(analyze('security', '--offline=yes', `--threshold=${MOST_EXPOSURE}`, '--no-pager', join(directory, name))).toContain('Overall exposure level');
    });
  });
});

interface Mount { readonly type: string; readonly source: string; readonly target: string; readonly read_only?: boolean }
interface Service { readonly image: string; readonly volumes: readonly Mount[]; readonly user: string; readonly command: readonly string[]; readonly [name: string]: unknown }

describe('the compose file', () => {
  const written = (nodes: readonly NodeService[] = plan.nodes, network = NETWORK): { readonly name: string; readonly services: Readonly<Record<string, Service>> } => JSON.parse(JSON.stringify(composeFile({
    network, owner: { uid: 998, gid: 997 }, logging: 'warn', nodes, servers: plan.servers, label, entry: plan.entry, program: ['dist', 'node_modules', 'package.json'].map((name) => join(root, name)),
  }))) as ReturnType<typeof written>;

  test('uses the official images of the series', () => {
    expect(Object.fromEntries(Object.entries(written().services).map(([name, { image }]) => [name, image]))).toEqual({
      'orderer-regulatormsp': 'hyperledger/fabric-orderer:3.1', 'peer-regulatormsp': 'hyperledger/fabric-peer:3.1', 'chaincode-regulatormsp': 'node:20-bookworm-slim',
    });
  });

  test('mounts what is there, at the same path, and nothing of it twice', async () => {
    for (const { volumes } of Object.values(written().services)) {
      for (const { type, source, target } of volumes) expect([type, target, (await stat(source)).isDirectory() || source.endsWith('.pem') || source.endsWith('.json')]).toEqual(['bind', source, true]);
      expect(new Set(volumes.map(({ target }) => target)).size).toBe(volumes.length);
    }
  });

  test('shows each container its own keys alone, and lets it write its data alone', async () => {
    const { services } = written();
    const seen = await Promise.all(Object.values(services).map(async ({ volumes }) => (await keys()).filter((key) => volumes.some(({ source }) => isBelow(key, source)))));
    const [orderer, peer, server] = seen.map((all) => [...new Set(all.map((key) => key.slice(host.root.length + 1).split('/')[0]))].toSorted());
    expect([orderer, peer, server]).toEqual([['orderer'], ['peer'], ['chaincode']]);
    expect(Object.values(services).flatMap(({ volumes }) => volumes.filter((one) => one.read_only !== true).map(({ source }) => source))).toEqual([host.orderer.data, host.peer.data]);
  });

  test('gives no container a right more than it needs', () => {
    for (const service of Object.values(written().services)) {
      expect(service).toMatchObject({ user: '998:997', read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], network_mode: 'host', restart: 'unless-stopped' });
    }
  });

  test('a dollar sign in a path is none of compose\'s variables', () => {
    const strange = nodeServices(new NetworkFolder('/srv/$HOME'), tenantsOf(folder));
    const { services } = written(strange);
    expect(services['peer-regulatormsp']!.volumes[0]!.source).toBe('/srv/$$HOME/hosts/RegulatorMSP/peer');
    expect(services['peer-regulatormsp']!.command.slice(2)).toEqual(['rm -rf "$$0" && exec peer node start', '/srv/$$HOME/hosts/RegulatorMSP/peer/data/externalbuilder']);
  });

  /** Compose Specification: "Services top-level elements" and "name"; what is used of it here, with the forms that it may have. */
  const SERVICE_RULES: Readonly<Record<string, (value: unknown) => boolean>> = {
    image: isText, user: isText, restart: (value) => ['no', 'always', 'on-failure', 'unless-stopped'].includes(String(value)), network_mode: isText,
    stop_grace_period: (value) => /^\d+s$/.test(String(value)), read_only: isFlag, init: isFlag, tmpfs: isTexts, cap_drop: isTexts, security_opt: isTexts, command: isTexts,
    environment: (value) => Object.values(value as object).every(isText),
    logging: (value) => isText((value as { driver?: unknown }).driver),
    volumes: (value) => (value as Record<string, unknown>[]).every((one) => Object.keys(one).every((key) => ['type', 'source', 'target', 'read_only', 'bind'].includes(key)) && one['type'] === 'bind'),
  };

  test('of another network on this machine are other containers', () => {
    expect([written().name, written(plan.nodes, unitsOf({ portBase: 18_000 })).name]).toEqual(['minhchung-17000', 'minhchung-18000']);
  });

  test('has only what the Compose Specification knows', () => {
    const { name, services, ...more } = written();
    expect([/^[a-z0-9][a-z0-9_-]*$/.test(name), more]).toEqual([true, {}]);
    for (const [service, content] of Object.entries(services)) {
      expect(service).toMatch(/^[a-zA-Z0-9._-]+$/);
      for (const [key, value] of Object.entries(content)) expect({ service, key, fits: SERVICE_RULES[key]?.(value) }).toEqual({ service, key, fits: true });
    }
  });

  test.skipIf(!hasCompose)('compose takes it', async () => {
    const file = join(root, 'compose.yaml');
    await writeFile(file, JSON.stringify(written()));
    expect(execFileSync('docker', ['compose', '-f', file, 'config', '--quiet'], { encoding: 'utf8' })).toBe('');
  });
});

function isText(value: unknown): boolean { return typeof value === 'string' && value !== ''; }
function isFlag(value: unknown): boolean { return typeof value === 'boolean'; }
function isTexts(value: unknown): boolean { return Array.isArray(value) && value.every(isText); }
