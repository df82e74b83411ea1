/**
 * A systemd of its own: process 1 of namespaces of its own (processes, mounts, network, cgroups), over this machine's
 * programs, with /etc, /run, /srv and /var/lib that are thrown away. Needs root and systemd; elsewhere `whyNoSystemd` says why not.
 */
import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

const SYSTEMD = ['/lib/systemd/systemd', '/usr/lib/systemd/systemd'].find((path) => existsSync(path));
const UNSHARE = ['--mount', '--pid', '--fork', '--ipc', '--uts', '--net', '--cgroup', '--mount-proc', '--kill-child'];
const LONGEST_RUN_S = 160;

/** Services of this machine that have no business here. */
const MASKED = ['systemd-udevd', 'systemd-udev-trigger', 'systemd-logind', 'dbus', 'systemd-networkd', 'systemd-resolved', 'systemd-timesyncd', 'systemd-sysctl', 'systemd-modules-load', 'systemd-remount-fs', 'systemd-random-seed'];

export interface SystemdPlan {
  /** Folders of this machine by the place where they are shown, e.g. `{ '/srv/fabric': '/usr/local/bin' }`: below /srv. */
  readonly shown: Readonly<Record<string, string>>;
  /** Name of a system user, with the number 12345, whose home is `/var/lib/<name>`. */
  readonly user: string;
  /** bash, run as root once systemd is up; its output is what `runUnderSystemd` gives. */
  readonly script: string;
}

/** @returns why this machine cannot, `undefined` if it can */
export function whyNoSystemd(): string | undefined {
  if (process.platform !== 'linux' || SYSTEMD === undefined) return 'no systemd here';
  if (process.getuid?.() !== 0) return 'only root may make namespaces';
  try {
    execFileSync('unshare', [...UNSHARE, 'sh', '-c', 'mount --make-rprivate / && mount -t tmpfs tmpfs /sys/fs/cgroup && umount /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup && mount -t tmpfs tmpfs /srv'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `namespaces: ${error instanceof Error ? error.message.split('\n').slice(0, 2).join(' ') : String(error)}`;
  }
}

/**
 * @returns what the script wrote, errors among it
 * @throws Error with the end of that if the machine was not done in time
 */
export async function runUnderSystemd({ shown, user, script }: SystemdPlan): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'minhchung-systemd-'));
  const [steps, begin, output] = [join(directory, 'steps.sh'), join(directory, 'begin.sh'), join(directory, 'output')];
  await writeFile(steps, script);
  await writeFile(begin, beginning({ shown, user, steps, output }));
  const { said, status } = await ended(spawn('bash', ['-c', around(begin, output, directory)], { stdio: ['ignore', 'pipe', 'inherit'] }));
  if (status !== 0) throw new Error(`the machine ended with ${status} (124: it was not done after ${LONGEST_RUN_S} s), and had written:\n${said.slice(-4_000)}`);
  return said;
}

async function ended(child: ChildProcessByStdio<null, Readable, null>): Promise<{ readonly said: string; readonly status: number | null }> {
  const closed = once(child, 'close') as Promise<[status: number | null]>;
  const said = await text(child.stdout);
  return { said, status: (await closed)[0] };
}

/**
 * Runs the machine, says what it wrote, and clears everything away, even if the test that asked for it is gone by then. The machine
 * gets a control group of its own in each hierarchy that systemd would use: the new cgroup namespace shows them as the root, or
 * systemd would move this machine's processes.
 */
function around(begin: string, output: string, directory: string): string {
  const places = systemdHierarchies();
  const group = `minhchung-${basename(directory)}`;
  return `
leave() {
${places.map((place) => `  echo $$ > "${place}/cgroup.procs"`).join('\n')}
  for turn in $(seq 100); do find ${places.map((place) => `"${place}/${group}"`).join(' ')} -depth -type d -exec rmdir {} ';' 2> /dev/null && break; sleep 0.1; done
  cat "${output}" 2> /dev/null
  rm -rf "${directory}"
}
trap leave EXIT
${places.map((place) => `mkdir "${place}/${group}" && echo $$ > "${place}/${group}/cgroup.procs"`).join('\n')}
timeout -k 5 ${LONGEST_RUN_S} unshare ${UNSHARE.join(' ')} bash "${begin}" > /dev/null 2>&1
`;
}

function systemdHierarchies(): string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n').map((line) => line.split(' '));
  return mounts.filter(([, , type, options]) => type === 'cgroup2' || (type === 'cgroup' && options?.includes('name=systemd') === true)).map(([, place = '']) => place);
}

/** What turns the namespaces into a machine. */
function beginning({ shown, user, steps, output }: Omit<SystemdPlan, 'script'> & { readonly steps: string; readonly output: string }): string {
  const service = ['[Unit]', 'DefaultDependencies=no', '[Service]', 'Type=oneshot', `ExecStart=/bin/bash ${steps}`, `StandardOutput=file:${output}`, `StandardError=append:${output}`, 'ExecStopPost=/bin/systemctl --no-block exit', ''];
  return `
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /run -o mode=755
mkdir -p /run/lock /run/etc/upper /run/etc/work
mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work /etc
mount -t tmpfs tmpfs /var/lib -o mode=755
mount -t tmpfs tmpfs /srv -o mode=755
${Object.entries(shown).map(([place, folder]) => `mkdir -p "${place}"; mount --bind "${folder}" "${place}"`).join('\n')}
mount -t tmpfs tmpfs /sys/fs/cgroup && umount /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
echo "${user}:x:12345:12345::/var/lib/${user}:/usr/sbin/nologin" >> /etc/passwd
echo "${user}:x:12345:" >> /etc/group
mkdir -p "/var/lib/${user}"; chown 12345:12345 "/var/lib/${user}"
rm -rf /etc/systemd/system; mkdir -p /etc/systemd/system
${MASKED.map((name) => `ln -s /dev/null /etc/systemd/system/${name}.service`).join('\n')}
printf "${service.join('\\n')}" > /etc/systemd/system/steps.service
# A peer wants an address besides the loopback one.
ip link set lo up; ip link add outside type bridge; ip addr add 10.9.9.9/24 dev outside; ip link set outside up
export container=other
exec ${SYSTEMD} --system --unit=steps.service --log-target=null --show-status=no
`;
}
