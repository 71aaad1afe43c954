import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as admin from '../admin/route.ts';
import * as consolePages from '../console/route.ts';

const ROOT = join(import.meta.dirname, '../..');
const GUIDES = join(ROOT, 'docs/guides');
const IMAGES = join(ROOT, 'docs/images/guides');

const textsIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');

describe.each(readdirSync(GUIDES))('the guide %s', (name) => {
  const text = readFileSync(join(GUIDES, name), 'utf8');
  const find = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found);

  test('names only pages that exist', () => {
    const isGone = (address: string) => {
      const [path = '', hash] = address.split('#');
      if (!existsSync(join(ROOT, 'web', path, 'index.html'))) return true;
      if (hash === undefined) return false;
      const known =
        path === '/admin'
          ? admin.hrefOf(admin.parseRoute(`#${hash}`))
          : consolePages.hrefOf(consolePages.parseRoute(`#${hash}`));
      // Addresses that are not known are the first page.
      return !known.startsWith(`#${hash}`);
    };
    expect(find(/`(\/[a-z][^`]*)`/g).filter(isGone)).toEqual([]);
  });

  test('names only buttons, links and fields that a page has', () => {
    // In a label, … stands for a number or name.
    const words =
      `${textsIn(join(ROOT, 'web/shared/messages/en'))}${readFileSync(join(ROOT, 'protocol/event-names.ts'), 'utf8')}`
        .toLowerCase()
        .replaceAll(/\$\{[^}]*\}/g, '…');
    const labels = find(/(?<!\*)\*([^*\n]+)\*(?!\*)/g);
    expect(labels.filter((label) => !["'", '`'].some((quote) => words.includes(quote + label.toLowerCase())))).toEqual(
      [],
    );
  });

  test('has pictures of less than 100 KB each, with a text for those who do not see them', () => {
    for (const [, alt, picture] of text.matchAll(/!\[([^\]]*)\]\(\.\.\/images\/guides\/([\w.-]+)\)/g)) {
      expect(alt, picture).not.toBe('');
      expect(statSync(join(IMAGES, picture)).size, picture).toBeLessThan(100_000);
    }
  });
});

test('all pictures of the guides have less than 1.5 MB', () => {
  const sizes = readdirSync(IMAGES).map((name) => statSync(join(IMAGES, name)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_500_000);
});
