/** A real Chromium from an npm package, as strict as a phone's. */
import { type Browser, chromium as playwright } from 'playwright-core';

/** Settings of the package that suit a function in a cloud and would hide faults of a page here. */
const LENIENT = new Set(['--single-process', '--no-zygote', '--disable-web-security', '--allow-running-insecure-content', '--disable-site-isolation-trials']);

/** A name that the browser resolves to this machine and does not take for a secure context. */
export const INSECURE_HOST = 'minhchung.test';

export async function openBrowser(): Promise<Browser> {
  const { default: chromium } = await import('@sparticuz/chromium');
  const args = [...chromium.args.filter((argument) => !LENIENT.has(argument)), `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`];
  return playwright.launch({ executablePath: await chromium.executablePath(), args });
}
