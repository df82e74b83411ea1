import { describe, expect, test } from 'vitest';
import { parsePlan, planFingerprint, planHosts, planText } from '../../../network/fabric/hosts/host-plan.js';
import { ordererHost } from '../../../network/fabric/topology.js';
import { throwsWith } from '../../support/rejects-with.js';
import { HOSTS, PLAN } from './machines.js';

const settings = { consensus: 'bft', portBase: 17_000 } as const;

describe('a plan by host names', () => {
  test('has every organisation at its machine, and an orderer on a machine of its own where one is named', () => {
    expect(PLAN.organisations.map((one) => [one.mspId, one.host, ordererHost(one), one.listen])).toEqual([
      ['RegulatorMSP', 'regulator.example', 'regulator.example', '0.0.0.0'],
      ['IndustryMSP', 'industry.example', 'industry.example', '0.0.0.0'],
      ['EducationMSP', 'education.example', 'orderer.education.example', '0.0.0.0'],
      ['OperatorMSP', 'operator.example', 'operator.example', '0.0.0.0'],
    ]);
  });

  test('is the same text for the same machines, and another fingerprint for others', () => {
    expect(planText(parsePlan(planText(PLAN)))).toBe(planText(PLAN));
    expect(planFingerprint(parsePlan(planText(PLAN)))).toBe(planFingerprint(PLAN));
    expect(planFingerprint(planHosts(settings, { ...HOSTS, OperatorMSP: 'other.example' }))).not.toBe(planFingerprint(PLAN));
  });

  test.each([
    ['an organisation without a machine', { RegulatorMSP: 'a.example' }, { organisation: 'IndustryMSP' }],
    ['an organisation that does not take part', { ...HOSTS, StrangerMSP: 'a.example' }, { organisation: 'StrangerMSP' }],
    ['three machines', { ...HOSTS, OperatorMSP: 'a.example,b.example,c.example' }, { organisation: 'OperatorMSP' }],
    ['capital letters', { ...HOSTS, OperatorMSP: 'Operator.example' }, { field: 'plan.organisations[3].host' }],
    ['a number that is no address', { ...HOSTS, OperatorMSP: '10.0.0.300' }, { field: 'plan.organisations[3].host', expected: 'IPv4 address' }],
    ['a port in the name', { ...HOSTS, OperatorMSP: 'operator.example:7050' }, { field: 'plan.organisations[3].host' }],
    ['a label that begins with a hyphen', { ...HOSTS, OperatorMSP: '-operator.example' }, { field: 'plan.organisations[3].host' }],
  ])('%s is refused', (_, hosts: Readonly<Record<string, string>>, fields) => {
    throwsWith(() => planHosts(settings, hosts), 'FABRIC_PLAN_WRONG', fields);
  });

  test('addresses are names, too', () => {
    expect(planHosts(settings, { ...HOSTS, OperatorMSP: '10.0.0.3' }).organisations[3]?.host).toBe('10.0.0.3');
  });
});

describe('a plan that was sent', () => {
  const changed = (change: object): string => JSON.stringify({ ...PLAN, ...change });
  const [first, second, ...rest] = PLAN.organisations;

  test.each([
    ['text that is no JSON', '{', { reason: 'TEXT_NOT_JSON' }],
    ['another channel', changed({ channel: 'other' }), { field: 'plan.channel' }],
    ['an unknown consensus', changed({ consensus: 'solo' }), { field: 'plan.consensus' }],
    ['something beside it', changed({ run: 'rm -rf /' }), { field: 'plan.run' }],
    ['an address of one device', changed({ organisations: [{ ...first, listen: '10.0.0.1' }, second, ...rest] }), { field: 'plan.organisations[0].listen' }],
    ['an organisation twice', changed({ organisations: [first, first, ...rest] }), { field: 'organisations', value: 'RegulatorMSP' }],
    ['a name that leads out of the folder', changed({ organisations: [{ ...first, mspId: '../xMSP' }, second, ...rest] }), { field: 'plan.organisations[0].mspId' }],
    ['a port twice on one machine', changed({ organisations: [{ ...first, peer: { ...first!.peer, service: first!.orderer!.service } }, second, ...rest] }), { field: 'ports of regulator.example', value: '17111' }],
    ['a port twice on a machine of two organisations', changed({ organisations: [first, { ...first, mspId: 'IndustryMSP' }, ...rest] }), { field: 'ports of regulator.example', value: '17101' }],
    ['three BFT orderers', changed({ organisations: [first, second, rest[0]] }), { field: 'organisations', expected: 'at least 4 with an orderer' }],
    ['no peer', changed({ organisations: PLAN.organisations.map((one) => ({ ...one, peer: undefined })) }), { field: 'organisations', expected: 'at least one with a peer' }],
    ['one port for chaincode', changed({ organisations: [{ ...first, chaincodePorts: [17_104] }, second, ...rest] }), { organisation: 'RegulatorMSP', field: 'chaincodePorts' }],
    ['a privileged port', changed({ organisations: [{ ...first, peer: { ...first!.peer, service: 443 } }, second, ...rest] }), { field: 'plan.organisations[0].peer.service' }],
  ])('with %s is refused', (_, content, fields: Readonly<Record<string, string>>) => {
    throwsWith(() => parsePlan(content), 'FABRIC_PLAN_WRONG', fields);
  });

  test('the same port on two machines is none twice', () => {
    const moved = { ...first!, mspId: 'IndustryMSP', host: 'industry.example' };
    expect(parsePlan(changed({ organisations: [first, moved, ...rest] })).organisations[1]?.host).toBe('industry.example');
  });
});
