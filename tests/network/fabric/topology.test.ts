import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bftQuorum, CONSENSUS_KINDS, endorsementPolicy, listeningPorts, ordererOrganisations, peerOrganisations, planTopology, signingQuorum, withMember } from '../../../network/fabric/topology.js';

const names = (organisations: readonly { readonly mspId: string }[]): string[] => organisations.map(({ mspId }) => mspId);
const MEMBERS = ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'];

describe('who takes part', () => {
  test.each([
    ['bft', [...MEMBERS, 'OperatorMSP'], 3],
    ['raft', MEMBERS, 1],
    ['raft-single', ['RegulatorMSP'], 1],
  ] as const)('%s: its orderers and how many of them sign a block', (consensus, orderers, quorum) => {
    const topology = planTopology({ consensus, portBase: 17_000 });
    expect([names(ordererOrganisations(topology)), signingQuorum(topology), names(peerOrganisations(topology))]).toEqual([orderers, quorum, MEMBERS]);
  });

  test('an organisation without a node is not in the topology', () => {
    expect(names(planTopology({ consensus: 'raft', portBase: 17_000 }).organisations)).toEqual(MEMBERS);
  });

  test('one who only orders has no peer and no chaincode', () => {
    const operator = planTopology({ consensus: 'bft', portBase: 17_000 }).organisations.find(({ mspId }) => mspId === 'OperatorMSP');
    expect(operator).toEqual({ mspId: 'OperatorMSP', host: 'localhost', listen: '127.0.0.1', orderer: { service: 17_411, admin: 17_412, operations: 17_413 }, chaincodePorts: [] });
  });

  test('two of three organisations must endorse', () => {
    expect(endorsementPolicy(planTopology({ consensus: 'bft', portBase: 17_000 }))).toBe('OutOf(2, \'RegulatorMSP.peer\', \'IndustryMSP.peer\', \'EducationMSP.peer\')');
  });
});

describe('ports', () => {
  test('are where the documentation says', () => {
    const [regulator] = planTopology({ consensus: 'bft', portBase: 17_000 }).organisations;
    expect(regulator).toMatchObject({
      peer: { service: 17_101, chaincodeListener: 17_102, operations: 17_103 }, orderer: { service: 17_111, admin: 17_112, operations: 17_113 },
      chaincodePorts: [17_104, 17_105, 17_106, 17_107, 17_108, 17_109, 17_110],
    });
  });

  test('are all different, and within five hundred of the first', () => {
    fc.assert(fc.property(fc.constantFrom(...CONSENSUS_KINDS), fc.integer({ min: 1_024, max: 65_000 }), (consensus, portBase) => {
      const topology = planTopology({ consensus, portBase });
      const ports = [...listeningPorts(topology).map(({ port }) => port), ...topology.organisations.flatMap(({ chaincodePorts }) => chaincodePorts)];
      expect(new Set(ports).size).toBe(ports.length);
      expect(ports.every((port) => port > portBase && port < portBase + 500 && port <= 65_535)).toBe(true);
    }));
  });

  test('each is known with the process that listens on it', () => {
    const ports = listeningPorts(planTopology({ consensus: 'raft-single', portBase: 17_000 }));
    expect(ports).toHaveLength(3 * 3 + 3);
    expect(ports).toContainEqual({ port: 17_301, node: 'peer-EducationMSP' });
    expect(ports).toContainEqual({ port: 17_112, node: 'orderer-RegulatorMSP' });
  });
});

describe('a member more', () => {
  test.each([[undefined, 'localhost', '127.0.0.1'], ['fabric.customs.example', 'fabric.customs.example', '0.0.0.0']])('at %s is reached at %s and listens on %s', (host, reached, listen) => {
    const { organisations } = withMember(planTopology({ consensus: 'raft', portBase: 17_000 }), 'CustomsMSP', host);
    expect(organisations.at(-1)).toMatchObject({ mspId: 'CustomsMSP', host: reached, listen, peer: { service: 17_401 } });
  });
});

describe('the quorum of BFT', () => {
  test.each([[1, 1], [4, 3], [5, 4], [6, 4], [7, 5], [10, 7]])('of %i nodes is %i', (nodes, quorum) => {
    expect(bftQuorum(nodes)).toBe(quorum);
  });

  test('any two quorums share an honest node, and a quorum is left when all dishonest ones are silent', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), (nodes) => {
      const dishonest = Math.floor((nodes - 1) / 3);
      expect(2 * bftQuorum(nodes) - nodes).toBeGreaterThan(dishonest);
      expect(bftQuorum(nodes)).toBeLessThanOrEqual(nodes - dishonest);
    }));
  });
});
