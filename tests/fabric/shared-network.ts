/** One network for all files that need nothing but a network: up before the first, gone after the last, whatever happens. */
import type { TestProject } from 'vitest/node';
import { CommandNetwork } from './network-command.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the shared network. */
    readonly fabricFolder: string;
    readonly fabricPortBase: number;
  }
}

/** Without Fabric's programs this fails, with the product's own words, and nothing counts as tested. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const network = await CommandNetwork.plan();
  try {
    process.stdout.write(await network.must('up'));
  } catch (error) {
    await network.close();
    throw error;
  }
  project.provide('fabricFolder', network.folder.root);
  project.provide('fabricPortBase', network.portBase);
  return () => network.close();
}
