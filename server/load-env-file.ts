import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/**
 * Preloaded by npm scripts (`node --import`): adds the settings of the file `.env` in the current folder, if there is
 * one. Settings of the environment take precedence. Programs started without npm, among them those of tests, benchmarks
 * and the demo, do not read it.
 */
try {
  for (const [name, value] of Object.entries(parseEnv(readText('.env'))))
    // oxlint-disable-next-line no-restricted-properties -- completes what server/config.ts reads
    if (value !== undefined) process.env[name] ??= value;
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
    process.stderr.write(`invigil: .env: ${(error as Error).message}\n`);
    process.exit(1);
  }
}

/** A setting that would be left out or cut off is refused. */
function readText(path: string): string {
  // Windows editors put a byte order mark in front, which would become part of the first name.
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  // Such as UTF-16, as PowerShell writes it.
  if (/[\0\uFFFD]/.test(text)) throw new Error('is not UTF-8 text');
  for (const [index, line] of text.split('\n').entries()) {
    // Node takes the rest for a comment, compose does not.
    const name = /^\s*(?:export\s+)?(\w+)\s*=\s*[^\s"'`#][^\s#]*(?:[ \t]+[^\s#]+)*#/.exec(line)?.[1];
    if (name !== undefined)
      throw new Error(`line ${index + 1}: ${name}: put quotes around a value with #, or a space before a comment`);
  }
  return text;
}
