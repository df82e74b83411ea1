/**
 * Hosts of their own on this one machine: a network namespace each (ip-netns(8)), with an address, a name that the others
 * know, and a cable to one switch that can be pulled. Linux, root and the program `ip`; elsewhere `whyNoNamespaces` says why not.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface HostRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HostOptions {
  /** All of the program's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface NamespaceHost {
  /** e.g. `regulator.example`: every host of the network finds it under this name; this machine itself does not. */
  readonly name: string;
  /** e.g. `10.213.0.1`: this machine itself reaches it there. */
  readonly address: string;
  /** Name of the namespace, for `ip netns exec`. */
  readonly namespace: string;
  /** Runs a program on the host, to its end; processes that it leaves behind live on until `close`. */
  run(program: string, parameters: readonly string[], options: HostOptions): Promise<HostRun>;
  /** Starts a program on the host. */
  start(program: string, parameters: readonly string[], options: HostOptions): ChildProcess;
  /** Pulls the cable: nothing comes or goes, and nobody is told. The host still reaches itself. */
  cutOff(): void;
  /** Plugs it in again. */
  heal(): void;
}

export interface NamespaceNetwork<Name extends string = string> {
  readonly hosts: Readonly<Record<Name, NamespaceHost>>;
  /** This machine's own address on the switch, e.g. `10.213.0.254`: programs on the hosts reach it there. */
  readonly outside: string;
  /** Ends every process on the hosts and removes them. Done when this process exits, too. */
  close(): void;
}

/** Begins the name of everything made here; the number of the process that made it follows. */
const MARK = 'mc';
const NAMES_OF_HOSTS = '/etc/netns';
const FIRST_SUBNET = 213;
const LAST_SUBNET = 250;
const OUTSIDE = 254;
let made = 0;

/** @returns why this machine cannot have hosts of its own, e.g. `this is not root`; `undefined` if it can */
export function whyNoNamespaces(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are Linux\'s';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const trial = `${MARK}-${process.pid}-trial`;
  try {
    ip('netns', 'add', trial);
    ip('-n', trial, 'link', 'add', 'trial0', 'type', 'veth', 'peer', 'name', 'trial1');
    ip('-n', trial, 'link', 'add', 'trial2', 'type', 'bridge');
    return undefined;
  } catch (error) {
    return `the program ip cannot make hosts: ${error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ') : String(error)}`;
  } finally {
    quietly(() => ip('netns', 'delete', trial));
  }
}

/**
 * Makes hosts that reach each other and this machine.
 *
 * @param names e.g. `['regulator.example', 'industry.example']`
 */
export function openNamespaceNetwork<Name extends string>(names: readonly Name[]): NamespaceNetwork<Name> {
  removeAbandoned();
  made += 1;
  const own = { number: made, subnet: freeSubnet(), bridge: `${MARK}${process.pid}b${made}` };
  const hosts = names.map((name, index) => new Host(name, index, own));
  const close = (): void => {
    process.removeListener('exit', close);
    for (const { namespace } of hosts) removeNamespace(namespace);
    quietly(() => ip('link', 'delete', own.bridge));
  };
  process.on('exit', close);
  try {
    ip('link', 'add', own.bridge, 'type', 'bridge');
    ip('addr', 'add', `${own.subnet}.${OUTSIDE}/24`, 'dev', own.bridge);
    ip('link', 'set', own.bridge, 'up');
    const known = ['127.0.0.1 localhost', ...hosts.map(({ name, address }) => `${address} ${name}`), ''].join('\n');
    for (const host of hosts) host.make(own.bridge, known);
  } catch (error) {
    close();
    throw error;
  }
  return { hosts: Object.fromEntries(hosts.map((host) => [host.name, host])) as unknown as Readonly<Record<Name, NamespaceHost>>, outside: `${own.subnet}.${OUTSIDE}`, close };
}

class Host implements NamespaceHost {
  readonly name: string;
  readonly address: string;
  readonly namespace: string;
  /** The switch's end of the cable. */
  readonly #cable: string;

  constructor(name: string, index: number, { number, subnet }: { readonly number: number; readonly subnet: string }) {
    this.name = name;
    this.address = `${subnet}.${index + 1}`;
    this.namespace = `${MARK}-${process.pid}-${number}-${index}`;
    this.#cable = `${MARK}${process.pid}c${number}n${index}`;
  }

  make(bridge: string, known: string): void {
    ip('netns', 'add', this.namespace);
    // `ip netns exec` shows the programs this file in place of /etc/hosts.
    mkdirSync(join(NAMES_OF_HOSTS, this.namespace), { recursive: true });
    writeFileSync(join(NAMES_OF_HOSTS, this.namespace, 'hosts'), known);
    ip('link', 'add', this.#cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.namespace);
    ip('link', 'set', this.#cable, 'master', bridge, 'up');
    ip('-n', this.namespace, 'addr', 'add', `${this.address}/24`, 'dev', 'eth0');
    for (const device of ['lo', 'eth0']) ip('-n', this.namespace, 'link', 'set', device, 'up');
  }

  start(program: string, parameters: readonly string[], { env, cwd }: HostOptions): ChildProcess {
    return spawn('ip', ['netns', 'exec', this.namespace, program, ...parameters], { env: { ...env }, ...(cwd === undefined ? {} : { cwd }), stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async run(program: string, parameters: readonly string[], options: HostOptions): Promise<HostRun> {
    const child = this.start(program, parameters, options);
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => { resolve({ status: status ?? -1, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }); });
    });
  }

  cutOff(): void { ip('link', 'set', this.#cable, 'down'); }

  heal(): void { ip('link', 'set', this.#cable, 'up'); }
}

/** The first three numbers of a network that no device of this machine is in. */
function freeSubnet(): string {
  const taken = ip('-4', '-o', 'addr', 'show');
  for (let second = FIRST_SUBNET; second <= LAST_SUBNET; second += 1) {
    if (!taken.includes(` 10.${second}.`)) return `10.${second}.0`;
  }
  throw new Error('no network of 10.213.0.0 to 10.250.0.0 is free');
}

/** What a test that was killed left behind: its process is gone, and says so by its number in the names. */
function removeAbandoned(): void {
  for (const name of namespaces()) {
    if (isAbandoned(new RegExp(`^${MARK}-(\\d+)-`).exec(name)?.[1])) removeNamespace(name);
  }
  for (const [, name, pid] of ip('-o', 'link', 'show', 'type', 'bridge').matchAll(new RegExp(`^\\d+: (${MARK}(\\d+)b\\d+):`, 'gm'))) {
    if (isAbandoned(pid)) quietly(() => ip('link', 'delete', name ?? ''));
  }
}

const isAbandoned = (pid: string | undefined): boolean => pid !== undefined && !existsSync(`/proc/${pid}`);

function namespaces(): string[] {
  return existsSync('/var/run/netns') ? readdirSync('/var/run/netns') : [];
}

function removeNamespace(name: string): void {
  quietly(() => {
    for (const pid of ip('netns', 'pids', name).split('\n').filter((one) => one !== '')) quietly(() => process.kill(Number(pid), 'SIGKILL'));
  });
  quietly(() => ip('netns', 'delete', name));
  rmSync(join(NAMES_OF_HOSTS, name), { recursive: true, force: true });
}

function ip(...parameters: string[]): string {
  return execFileSync('ip', parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Removing what is gone already is no mistake. */
function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // it was gone
  }
}
