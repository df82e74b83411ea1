import { readFileSync } from 'node:fs';

/** The most memory this process has had so far, in MiB, as the kernel counted it (VmHWM). */
export function peakMemoryMiB(): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
  return Math.round(Number(line?.[1] ?? 0) / 1024);
}
