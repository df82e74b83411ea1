import { describe, expect, test } from 'vitest';
import { controlledCollection, controlledPolicy } from '#domain/endorsement.js';

describe('who endorses what concerns controlled chemicals', () => {
  test.each([
    [['RegulatorMSP', 'IndustryMSP', 'EducationMSP'], 'AND(\'RegulatorMSP.peer\', OutOf(1, \'IndustryMSP.peer\', \'EducationMSP.peer\'))'],
    [['IndustryMSP', 'EducationMSP', 'CustomsMSP', 'RegulatorMSP'], 'AND(\'RegulatorMSP.peer\', OutOf(2, \'IndustryMSP.peer\', \'EducationMSP.peer\', \'CustomsMSP.peer\'))'],
    [['RegulatorMSP', 'IndustryMSP'], 'AND(\'RegulatorMSP.peer\', OutOf(1, \'IndustryMSP.peer\'))'],
    [['RegulatorMSP'], 'OR(\'RegulatorMSP.peer\')'],
  ])('of %j: a majority, the regulator in it', (members, policy) => {
    expect(controlledPolicy(members)).toBe(policy);
  });

  test('where every organisation of the channel has a peer, the regulator\'s are those that would keep the values', () => {
    expect(controlledCollection(['RegulatorMSP', 'IndustryMSP', 'EducationMSP']).policy).toBe('OR(\'RegulatorMSP.member\')');
  });

  test('a network without a peer of the regulator is none for chemicals', () => {
    expect(() => controlledPolicy(['IndustryMSP', 'EducationMSP'])).toThrow(RangeError);
  });

  test('the collection in the form of Fabric\'s collections file', () => {
    expect(controlledCollection(['RegulatorMSP', 'IndustryMSP', 'EducationMSP'], 'OperatorMSP')).toEqual({
      name: 'controlled', policy: 'OR(\'OperatorMSP.member\')', requiredPeerCount: 0, maxPeerCount: 0, blockToLive: 0,
      memberOnlyRead: false, memberOnlyWrite: false,
      endorsementPolicy: { signaturePolicy: 'AND(\'RegulatorMSP.peer\', OutOf(1, \'IndustryMSP.peer\', \'EducationMSP.peer\'))' },
    });
  });
});
