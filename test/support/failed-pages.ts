import type { Page } from 'playwright-core';
import { onTestFailed } from 'vitest';

/** Reads address and text of pages that are about to be closed. */
type ReadPages = (pages: readonly Page[]) => Promise<void>;

/** What is read is printed if the running test fails. */
export function printIfFailed(): ReadPages {
  const texts: string[] = [];
  try {
    onTestFailed(() => void process.stderr.write(`${texts.join('\n\n')}\n`));
  } catch {
    // Called by a hook, for several tests.
    return () => Promise.resolve();
  }
  return async (pages) => {
    texts.push(...(await Promise.all(pages.map(textOf))));
  };
}

/** A page that hangs is given up after 2 s. */
async function textOf(page: Page): Promise<string> {
  const text = page.evaluate('document.body.innerText.slice(0, 3000)').catch(() => 'no text');
  const late = new Promise<string>((resolve) => void setTimeout(resolve, 2000, 'no answer').unref());
  return `${page.url()}\n${String(await Promise.race([text, late]))}`;
}

/** Has the page read when it is closed. */
export function readAtClose(page: Page): Page {
  const read = printIfFailed();
  const close = page.close.bind(page);
  page.close = async (options) => {
    await read([page]);
    await close(options);
  };
  return page;
}
