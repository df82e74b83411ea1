/** One measured figure. `value` is a number so that ratios can be made of it. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** A part of the bench, run by its name. */
export type Bench = () => Promise<readonly BenchRow[]>;
