import { constants, fstatSync, openSync } from 'node:fs';

/** A place for log lines. */
export interface OutputDescriptor {
  readonly fd: number;
  /** A write may wait, and has to be made by a thread. */
  readonly mayBlock: boolean;
  /** It may wait for ever, for a reader that has stopped; the process cannot exit meanwhile. */
  readonly mayHang: boolean;
}

const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;

/**
 * Standard output or error, without waiting where the system allows that. A pipe or terminal is opened once more:
 * `O_NONBLOCK` belongs to the open file, which is shared with whoever started us.
 */
export function openOutput(fd: 1 | 2): OutputDescriptor {
  const stat = fstatSync(fd);
  if (stat.isFile() || stat.isBlockDevice()) return { fd, mayBlock: true, mayHang: false };
  try {
    // Linux only; not for sockets, nor for a pipe or terminal of another user.
    return { fd: openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY), mayBlock: false, mayHang: false };
  } catch {
    // Node's own stream makes pipes and sockets non-blocking when it is made, and undoes that at the end.
    void (fd === 1 ? process.stdout : process.stderr);
    const isDevice = stat.isCharacterDevice();
    return { fd, mayBlock: isDevice, mayHang: isDevice };
  }
}
