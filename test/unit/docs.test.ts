import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  .toString()
  .split('\n');
const files = new Set(tracked.filter((path) => path !== '' && existsSync(join(ROOT, path))));
const folders = new Set([...files].flatMap((path) => parents(path)));
const pages = [...files].filter((path) => path.endsWith('.md'));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

function parents(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...parents(folder)];
}

/** Paths in backticks that begin with a folder of this repository, without placeholders. */
function pathsIn(text: string): string[] {
  const top = [...folders].filter((folder) => !folder.includes('/')).join('|');
  return [...text.matchAll(new RegExp('`((?:' + top + ')/[\\w./-]*)`', 'g'))].map((match) => match[1]!);
}

const scriptsIn = (text: string) =>
  [...text.matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map((match) => match[1]!);

/** Targets of links and images outside of code blocks. */
const linksIn = (text: string) =>
  [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)].map(
    (match) => match[1] ?? match[2]!,
  );

/** Anchors that a Markdown page has: its headings as GitHub writes them, and explicit ids. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set([...headings, ...[...text.matchAll(/<a id="([\w-]+)">/g)].map((match) => match[1]!)]);
}

/** What `find` returns for each page, with the page's name. */
const everywhere = (find: (text: string, page: string) => string[]) =>
  pages.flatMap((page) => find(read(page), page).map((found) => `${page}: ${found}`));

describe('README.md and the other Markdown pages', () => {
  test('name only files and folders of the repository that exist', () => {
    const isMissing = (path: string) => !files.has(path) && !folders.has(path.replace(/\/$/, ''));
    expect(everywhere((text) => pathsIn(text).filter(isMissing))).toEqual([]);
  });

  test('name only source files that exist, also without their folder', () => {
    const names = new Set([...files].map((path) => basename(path)));
    const sourcesIn = (text: string) => [...text.matchAll(/`([\w-]+\.tsx?)`/g)].map((match) => match[1]!);
    expect(everywhere((text) => sourcesIn(text).filter((name) => !names.has(name)))).toEqual([]);
  });

  test('name only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    expect(everywhere((text) => scriptsIn(text).filter((name) => !(name in scripts)))).toEqual([]);
  });

  test('link only to pages, headings and images that exist', () => {
    const isBroken = (link: string, page: string) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!files.has(target) && !folders.has(target.replace(/\/$/, ''))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).has(anchor);
    };
    expect(everywhere((text, page) => linksIn(text).filter((link) => isBroken(link, page)))).toEqual([]);
  });
});

test("the README's pictures have less than 300 KB each", () => {
  for (const theme of ['light', 'dark'])
    expect(statSync(join(ROOT, `docs/images/console-${theme}.jpg`)).size).toBeLessThan(300_000);
});
