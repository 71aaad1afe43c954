import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** A process of its own runs compiled JavaScript: `npm test` builds it first. */
const BUILT = new URL('../../../dist/server/inference/inherited.js', import.meta.url);
const LIST = `
  const { readdirSync, readlinkSync } = require('node:fs');
  const open = readdirSync('/proc/self/fd').map(Number).flatMap((fd) => { try { return [[fd, readlinkSync('/proc/self/fd/' + fd)]]; } catch { return []; } });
  process.send(Object.fromEntries(open));
`;
const PARENT = `
  import { spawn } from 'node:child_process';
  import { inheritedDescriptors, withBareStdio } from '${BUILT.href}';
  const inherited = inheritedDescriptors();
  const { started: child } = withBareStdio(inherited, 1, (stdio) => spawn(process.execPath, ['-e', ${JSON.stringify(LIST)}], { env: {}, stdio }));
  child.on('message', (open) => console.log(JSON.stringify({ inherited, open })));
`;

/** Node keeps the lowest 16, and what follows them without a gap, to itself. */
const OTHERS = 40;

test.runIf(existsSync('/proc/self/fdinfo'))(
  'what the process itself inherited is not handed on (Linux only)',
  async () => {
    const file = openSync(fileURLToPath(import.meta.url), 'r');
    const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT], {
      stdio: ['ignore', 'pipe', 'inherit', ...Array.from({ length: OTHERS - 3 }, () => 'ignore' as const), file],
    });
    closeSync(file);
    let text = '';
    for await (const data of parent.stdout!) text += String(data);
    const { inherited, open } = JSON.parse(text) as { inherited: number[]; open: Record<number, string> };
    expect(inherited).toContain(OTHERS);
    expect(open[OTHERS]).toBe('/dev/null');
    // Of the socket pair that it was given.
    expect(open[4]).toMatch(/^socket:/);
    expect(Object.values(open)).not.toContain(fileURLToPath(import.meta.url));
  },
);
