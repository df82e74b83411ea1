/** What became of one transaction, as peers of several organisations say it: nobody signs validation codes. */

/** A TxValidationCode, and the block that it stands in. */
export interface CommitStatus {
  readonly code: number;
  readonly block: bigint;
}

export interface StatusAnswer {
  /** whose peer answers, e.g. `RegulatorMSP` */
  readonly organisation: string;
  /** `undefined` if it does not know */
  readonly answer: Promise<CommitStatus | undefined>;
}

/**
 * @param answers of peers that were asked at the same time
 * @param quorum how many organisations must say the same, e.g. 2
 * @returns what they say, as soon as so many do; `undefined` if in the end they do not
 * @throws the first error that is none of a peer's answers
 */
export async function agreedStatus(answers: readonly StatusAnswer[], quorum: number): Promise<CommitStatus | undefined> {
  const voices = new Map<string, Set<string>>();
  return new Promise((resolve, reject) => {
    const counted = answers.map(async ({ organisation, answer }) => {
      const status = await answer;
      if (status === undefined) return;
      const account = `${status.block}:${status.code}`;
      const organisations = voices.get(account) ?? new Set();
      voices.set(account, organisations.add(organisation));
      if (organisations.size >= quorum) resolve(status);
    });
    Promise.all(counted).then(() => resolve(undefined), reject);
  });
}
