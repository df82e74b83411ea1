/** The stories of the embedded ledger, told by the same program on Fabric networks of their own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { credentialStory } from '../e2e/credential-story.js';
import { enterpriseStory } from '../e2e/enterprise-story.js';
import { StartedProgram, type StartProgram } from '../e2e/started-program.js';
import { CommandNetwork } from './network-command.js';

/** A demonstration can be told once on a ledger, so each story has a network. */
function onNetwork(tell: (start: StartProgram) => void, more: (program: () => StartedProgram) => void = () => undefined): void {
  let network: CommandNetwork;
  let program: StartedProgram;

  beforeAll(async () => {
    network = await CommandNetwork.plan();
    await network.must('up');
  });
  afterAll(async () => network.close());

  tell(async (folder, ...args) => {
    program = await StartedProgram.startWith({ FABRIC_NETWORK: network.folder.root }, folder, '--fabric', ...args);
    return program;
  });
  more(() => program);
}

describe('goods and chemicals', () => {
  onNetwork(enterpriseStory);
});

describe('credentials', () => {
  onNetwork(credentialStory, (program) => {
    test('every page says that two organisations have signed, and that each keeps its own copy', async () => {
      const { onShelf } = await program().landmarks();
      const page = await (await fetch(`${program().verifier}${onShelf}?lang=en`, { headers: { accept: 'text/html' } })).text();
      expect(page).toContain('Each of these organisations keeps its own copy of the ledger');
      expect(page).not.toContain('One operator runs this ledger');
      const { body } = await program().scan(onShelf);
      expect(body).toMatchObject({ trust: { ledger: 'fabric', minimumOrganisations: 2 } });
    });

    test('readiness tells the ledger, its peers, and how far the copy for reading is behind', async () => {
      const { status, body } = await program().call(undefined, '/readyz');
      expect(status).toBe(200);
      const peers = ['RegulatorMSP', 'IndustryMSP', 'EducationMSP'].map((organisation) => expect.objectContaining({ organisation, reachable: true, behind: false }) as object);
      expect(body).toMatchObject({ status: 'ok', ledger: { kind: 'fabric', lag: expect.stringMatching(/^\d$/) as string, peers } });
    });
  });
});
