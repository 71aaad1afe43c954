import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { COLOUR_RULES, seriousFaults } from './axe.ts';
import { shoot, tooWide } from './pages.ts';

/** Expects no serious accessibility faults in light and dark, and no horizontal scrolling from 390 to 1920 px. */
export async function isWell(page: Page, name: string): Promise<void> {
  expect(await seriousFaults(page), name).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await seriousFaults(page, COLOUR_RULES), `${name}, dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  for (const width of [390, 640, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await tooWide(page), `${name}, ${width} px`).toEqual([]);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await shoot(page, name);
}
