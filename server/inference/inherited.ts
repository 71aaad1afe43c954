import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import type { StdioOptions } from 'node:child_process';

/** `O_CLOEXEC` as Linux shows it in /proc (include/uapi/asm-generic/fcntl.h). */
const CLOSE_ON_EXEC = 0o2000000;
/** Standard input, output and error, then the channel of the process. */
const FIRST_FREE = 4;

type Standard = readonly ['ignore', 'ignore', 'inherit' | 'pipe', 'ipc' | 'pipe'];

/**
 * Descriptors that a child process would get without being meant to: Node and uWebSockets.js open theirs to be closed
 * on exec, so these came with this process, from whoever started it; Node sees to the lowest of them, and to no others.
 * Linux only; elsewhere there is no telling, and none is named.
 */
export function inheritedDescriptors(): number[] {
  const found: number[] = [];
  try {
    for (const name of readdirSync('/proc/self/fdinfo'))
      if (Number(name) >= FIRST_FREE && isPassedOn(name)) found.push(Number(name));
  } catch {
    // No /proc.
  }
  return found;
}

function isPassedOn(name: string): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${name}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    // The listing's own, which is closed by now.
    return false;
  }
}

/**
 * Runs `start` with the descriptors of a child: nothing to read or write but standard error, the channel of the process
 * and so many socket pairs with us, and the null device in the place of what it would inherit.
 * @returns what `start` does, and the numbers of the socket pairs, which are the child's descriptors and the indexes of
 * its `stdio`
 */
export function withBareStdio<T>(
  inherited: readonly number[],
  pairs: number,
  start: (stdio: StdioOptions) => T,
  standard: Standard = ['ignore', 'ignore', 'inherit', 'ipc'],
): { readonly started: T; readonly channels: readonly number[] } {
  const channels = Array.from({ length: pairs }, (_, i) => FIRST_FREE + i);
  const stdio: (number | 'ignore' | 'inherit' | 'ipc' | 'pipe')[] = [
    ...standard,
    ...channels.map(() => 'pipe' as const),
  ];
  const free = stdio.length;
  const others = inherited.filter((fd) => fd >= free);
  if (others.length === 0) return { started: start(stdio), channels };
  const nothing = openSync('/dev/null', 'r');
  try {
    for (let fd = free; fd <= Math.max(...others); fd++) stdio[fd] = others.includes(fd) ? nothing : 'ignore';
    return { started: start(stdio), channels };
  } finally {
    closeSync(nothing);
  }
}
