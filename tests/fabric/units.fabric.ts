/**
 * The units at work: a machine of three organisations under a systemd of its own, every program in its sandbox. Needs root and
 * systemd; where these are missing the test says so and is not run.
 */
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runUnderSystemd, whyNoSystemd } from '../support/systemd-machine.js';

const whyNot = whyNoSystemd() ?? (process.env['FABRIC_BIN'] === undefined ? 'the programs are not in FABRIC_BIN' : undefined);
if (whyNot !== undefined) console.info(`not run: the units under a systemd of its own (${whyNot})`);

const FOLDER = '/var/lib/minhchung/fabric';
const MEMBERS = ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'];
const ORGANISATIONS = [...MEMBERS, 'OperatorMSP'];
const HOST = `${FOLDER}/hosts/RegulatorMSP`;

/** `now` runs what the command `units` says, and nothing else is done to set the machine up. */
const SCRIPT = `
as_owner() { setpriv --reuid=12345 --regid=12345 --clear-groups env -i PATH="$PATH" HOME=/var/lib/minhchung FABRIC_BIN=/srv/fabric FABRIC_NETWORK=${FOLDER} FABRIC_CONSENSUS=bft "$@"; }
hosts() { as_owner "${process.execPath}" /srv/minhchung/dist/network/fabric/hosts/main.js "$@"; }
unit() { systemctl show -p "$2" --value "$1"; }
cd /var/lib/minhchung
hosts plan network.json ${ORGANISATIONS.map((one) => `${one}=localhost`).join(' ')}
for one in ${ORGANISATIONS.join(' ')}; do hosts make network.json $one > /dev/null; done
hosts block > /dev/null
hosts units > commands || echo "units: $?"
sed -i 's/^sudo //' commands
# The rest of this machine's start is not here to wait for.
sed '/systemctl/d' commands | bash
for one in /etc/systemd/system/minhchung-17000-*.service; do mkdir -p $one.d; printf '[Unit]\\nDefaultDependencies=no\\n' > $one.d/alone.conf; done
printf '[Unit]\\nDefaultDependencies=no\\n' >> /etc/systemd/system/minhchung-17000.target
sed -n '/systemctl/p' commands | bash > /dev/null 2>&1
hosts join
for one in $(systemctl --no-legend --plain list-units 'minhchung-17000-*.service' | awk '{print $1}'); do echo "unit $one $(unit $one ActiveState) $(unit $one NRestarts)"; done
# What a program's sandbox shows to its user of all that holds a key.
keys() { nsenter -t $2 -m -- setpriv --reuid=12345 --regid=12345 --clear-groups grep -rl "PRIVATE KEY" ${FOLDER} 2> /dev/null | sed "s|^${FOLDER}/hosts/|$1 reads |"; }
peer=$(unit minhchung-17000-peer-RegulatorMSP.service MainPID)
inside() { nsenter -t $peer -m -- setpriv --reuid=12345 --regid=12345 --clear-groups "$@"; }
keys peer $peer
inside touch ${FOLDER}/written 2> /dev/null && echo "peer writes"
grep -h '^NoNewPrivs\\|^CapEff' /proc/$peer/status
server=$(systemctl --no-legend --plain list-units 'minhchung-17000-chaincode-RegulatorMSP@*' | awk '{print $1}')
orderer=minhchung-17000-orderer-RegulatorMSP.service
others=$(systemctl --no-legend --plain list-units 'minhchung-17000-orderer-*MSP.service' | awk '{print $1}' | grep -v "$orderer")
restarted() { until [ "$(unit $1 NRestarts)" = 1 ] && [ "$(unit $1 ActiveState)" = active ]; do sleep 0.1; done; }
# Alone, the orderer takes a request and cannot order it.
systemctl stop $others
as_owner env FABRIC_CFG_PATH=${HOST}/peer CORE_PEER_MSPCONFIGPATH=${HOST}/admin/msp FABRIC_LOGGING_SPEC=error /srv/fabric/peer lifecycle chaincode approveformyorg \
  --channelID minhchung --name waits --version 1 --sequence 1 --waitForEvent=false -o localhost:17111 --tls --cafile ${HOST}/orderer/tls-root.pem && echo "request waits"
kill -9 $(unit $server MainPID)
restarted $server && echo "server restarted"
restarted $orderer && echo "orderer restarted"
echo "watch $(unit minhchung-17000-orderer-watch.service ActiveState) $(unit minhchung-17000-orderer-watch.service NRestarts)"
watch=$(unit minhchung-17000-orderer-watch.service MainPID)
keys watch $watch
keys server $(unit $server MainPID)
keys orderer $(unit $orderer MainPID)
systemctl start $others
hosts join
network() { as_owner "${process.execPath}" /srv/minhchung/dist/network/fabric/main.js "$@" 2>&1; }
network status | sed 's/^/status: /'
echo "status $(network status > /dev/null; echo $?)"
for one in down reset; do said=$(network $one); echo "$one $? $(echo "$said" | grep -o 'FABRIC_KEPT_ELSEWHERE')"; done
network renew --all | sed 's/^/renew: /'
for one in peer-RegulatorMSP orderer-OperatorMSP; do echo "renewed $one $(unit minhchung-17000-$one.service NRestarts) $(unit minhchung-17000-$one.service ActiveState)"; done
echo "renewed server $(unit $server NRestarts) $(unit $server ActiveState)"
echo "status $(network status > /dev/null; echo $?)"
systemctl stop minhchung-17000.target
echo "left $(systemctl --no-legend --plain list-units --state=active 'minhchung-17000-*.service' | wc -l)"
`;

describe.skipIf(whyNot !== undefined)('units under systemd', () => {
  let output = '';

  beforeAll(async () => {
    output = await runUnderSystemd({ user: 'minhchung', shown: { '/srv/minhchung': resolve('.'), '/srv/fabric': resolve(process.env['FABRIC_BIN'] ?? '') }, script: SCRIPT });
  });

  test('every program starts in its sandbox, and stays', () => {
    const units = [...output.matchAll(/^unit (\S+) (\S+) (\d+)$/gm)].map(([, name = '', state, restarts]) => [name.replace(/@.*/, ''), state, restarts]);
    const wanted = ['minhchung-17000-orderer-watch.service', ...ORGANISATIONS.map((one) => `minhchung-17000-orderer-${one}.service`), ...MEMBERS.flatMap((one) => [`minhchung-17000-peer-${one}.service`, `minhchung-17000-chaincode-${one}`])];
    expect({ units: units.toSorted(), output: units.length === 0 ? output : '' }).toEqual({ units: wanted.map((name) => [name, 'active', '0']).toSorted(), output: '' });
  });

  test('the organisations agree on the chaincode, with processes that systemd keeps', () => {
    expect(output.match(/has joined the channel/g)).toHaveLength(4 + 3);
    expect(output).toMatch(/is approved by RegulatorMSP; 2 organisations have to/);
    expect(output.match(/the channel runs minhchung-[0-9a-f]{16}$/gm)?.length).toBeGreaterThanOrEqual(2 + 3);
  });

  test.each([
    ['peer', /^RegulatorMSP\/peer\//], ['orderer', /^RegulatorMSP\/orderer\//], ['server', /^RegulatorMSP\/chaincode\/[^/]+\/server-tls\//], ['watch', /^[A-Za-z]+MSP\/operations\/key\.pem$/],
  ])('of four organisations on the machine, the %s reads no key but its own', (program, own) => {
    const read = [...output.matchAll(new RegExp(`^${program} reads (\\S+)$`, 'gm'))].map(([, file = '']) => file);
    expect(read).not.toEqual([]);
    expect(read.filter((file) => !own.test(file))).toEqual([]);
  });

  test('a peer writes nothing but its data, and has no rights', () => {
    expect(output.match(/peer writes/g)).toBeNull();
    expect(output).toMatch(/^CapEff:\s*0{16}$/m);
    expect(output).toMatch(/^NoNewPrivs:\s*1$/m);
  });

  test('an orderer that stands still is ended by the watch, and is started again', () => {
    expect(output).toMatch(/^request waits$/m);
    expect(output).toMatch(/^orderer restarted\nwatch active 0$/m);
  });

  test('the status knows who keeps the processes, and neither takes them for stopped', () => {
    const lines = [...output.matchAll(/^status: (\S+MSP\S*) +\d+ {2}ready .*kept by systemd/gm)].map(([, name = '']) => name);
    expect(lines).toHaveLength(ORGANISATIONS.length + 2 * MEMBERS.length);
    expect(output.match(/^status 0$/gm)).toHaveLength(2);
    expect(output).toMatch(/^down 1 FABRIC_KEPT_ELSEWHERE\nreset 1 FABRIC_KEPT_ELSEWHERE$/m);
  });

  test('every process is started anew on its new certificate', () => {
    expect(output.match(/^renew: .* runs on its new certificate$/gm)).toHaveLength(ORGANISATIONS.length + 2 * MEMBERS.length);
    expect(output).toMatch(/^renew: .*the certificates are renewed$/m);
    expect(output).toMatch(/^renewed peer-RegulatorMSP 1 active\nrenewed orderer-OperatorMSP 1 active\nrenewed server 2 active$/m);
  });

  test('a chaincode server that is killed is started again, and the target stops everything', () => {
    expect(output).toMatch(/^server restarted$/m);
    expect(output).toMatch(/^left 0$/m);
  });
});
