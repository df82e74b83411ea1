/**
 * Opens damaged copies of a ledger and asks them everything, in a process of its own: LevelDB itself ends the process
 * when it compacts a table whose keys are out of order. Talks over IPC: one `Inspection` in, one `Finding` out.
 */
import { join } from 'node:path';
import { Level } from 'level';
import { Problem } from '../../domain/errors.js';
import { openEmbeddedLedger, type EmbeddedLedger } from '../../network/embedded/embedded-ledger.js';
import type { Identity } from '../../network/enrolment/identity.js';
import { connectClient } from '../ledger-suite/ledger-client.js';
import { everyAnswer, type Subjects } from './every-answer.js';
import { ledgerOptions } from './temporary-ledger.js';

export interface Inspection {
  readonly dir: string;
  readonly identity: Identity;
  readonly subjects: Subjects;
  /** Question and answer of the undamaged ledger. */
  readonly genuine: readonly (readonly [string, string])[];
}

export interface Finding {
  /** How the damage showed: not at all, or by the first that said so. */
  readonly found: 'nothing' | 'refused to open' | 'refused to answer' | 'verification' | 'process ended';
  /** Questions that were answered wrongly. */
  readonly wrong: readonly string[];
  /** Refusals without the ledger calling itself damaged. */
  readonly unexplained: readonly string[];
}

async function inspect({ dir, identity, subjects, genuine }: Inspection): Promise<Finding> {
  let ledger: EmbeddedLedger;
  try {
    ledger = await openEmbeddedLedger(ledgerOptions(dir));
  } catch (error) {
    const explained = error instanceof Problem && error.code === 'LEDGER_RECORD_DAMAGED';
    return { found: 'refused to open', wrong: [], unexplained: explained ? [] : [String(error)] };
  }
  const client = connectClient({ address: ledger.address, channel: ledger.channel, identity });
  try {
    const answers = await everyAnswer(client, subjects);
    const refused = genuine.filter(([question]) => answers.get(question) === undefined).map(([question]) => question);
    const wrong = genuine.filter(([question, answer]) => ![answer, undefined].includes(answers.get(question))).map(([question]) => question);
    const unhealthy = ledger.failure()?.code === 'LEDGER_RECORD_DAMAGED';
    const report = await ledger.verifyChain();
    const found = refused.length > 0 ? 'refused to answer' : report.ok ? 'nothing' : 'verification';
    return { found, wrong, unexplained: refused.length > 0 && !unhealthy ? refused : [] };
  } finally {
    client.close();
    await ledger.close();
  }
}

/** All records as LevelDB gives them, seals unchecked, as name and hexadecimal content. */
export async function rawRecords(dir: string): Promise<Map<string, string>> {
  const level = new Level(join(dir, 'store'), { keyEncoding: 'utf8', valueEncoding: 'hex' });
  try {
    return new Map(await level.iterator().all());
  } finally {
    await level.close();
  }
}

process.on('message', (message: Inspection | { readonly raw: string }) => {
  const answer = 'raw' in message
    ? rawRecords(message.raw).then((records) => [...records], () => 'refused')
    : inspect(message);
  void answer.then((result) => process.send?.(result));
});
