/** What a reader would see of a page, measured in the browser that shows it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Everything that can be seen and stands out of the window sideways, but for what is clipped on purpose. */
export async function overhang(page: Page, clipped = '.hide'): Promise<string[]> {
  return page.evaluate((leftOut) => [...document.body.querySelectorAll('*')].flatMap((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    const isSeen = width > 1 && !element.closest(leftOut);
    return isSeen && (right > innerWidth + 0.5 || left < -0.5) ? [`${element.tagName} ${element.getAttribute('class') ?? ''} ${Math.round(left)}–${Math.round(right)}`] : [];
  }).concat(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []), clipped);
}

/** What axe finds wrong. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe: runner } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
    return (await runner.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
}

/** WCAG 2 contrast of an element's text against the coloured top. */
export async function contrast(page: Page, selector: string): Promise<number> {
  return page.evaluate((wanted) => {
    const luminance = (color: string): number => {
      const [r = 0, g = 0, b = 0] = (/\d+, \d+, \d+/.exec(color)?.[0] ?? '').split(', ').map((each) => {
        const part = Number(each) / 255;
        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const text = luminance(getComputedStyle(document.querySelector(wanted)!).color);
    const back = luminance(getComputedStyle(document.querySelector('#top')!).backgroundColor);
    return (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
  }, selector);
}
