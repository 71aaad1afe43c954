import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import type { StdioOptions } from 'node:child_process';

/** `O_CLOEXEC` as Linux shows it in /proc (include/uapi/asm-generic/fcntl.h). */
const CLOSE_ON_EXEC = 0o2000000;
const FIRST_AFTER_CHANNEL = 4;

/**
 * Descriptors that a child process would get without being meant to: Node and uWebSockets.js open theirs to be closed on exec, so these came with this process, from whoever
 * started it; Node sees to the lowest of them, and to no others. Linux only; elsewhere there is no telling, and none is named.
 */
export function inheritedDescriptors(): number[] {
  const found: number[] = [];
  try {
    for (const name of readdirSync('/proc/self/fdinfo')) if (Number(name) >= FIRST_AFTER_CHANNEL && isPassedOn(name)) found.push(Number(name));
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

/** Runs `start` with the descriptors of a child: nothing to read or write but standard error and a channel, and the null device in the place of what it would inherit. */
export function withBareStdio<T>(inherited: readonly number[], start: (stdio: StdioOptions) => T): T {
  const stdio: (number | 'ignore' | 'inherit' | 'ipc')[] = ['ignore', 'ignore', 'inherit', 'ipc'];
  if (inherited.length === 0) return start(stdio);
  const nothing = openSync('/dev/null', 'r');
  try {
    for (let fd = FIRST_AFTER_CHANNEL; fd <= Math.max(...inherited); fd++) stdio[fd] = inherited.includes(fd) ? nothing : 'ignore';
    return start(stdio);
  } finally {
    closeSync(nothing);
  }
}
