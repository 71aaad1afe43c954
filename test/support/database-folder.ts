import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const IN_MEMORY = '/dev/shm';
/** A test's database is about 15 MB; containers often have 64 MB there. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/** Where tests keep their databases: in memory if there is room, which takes a third less system time than a disk. */
export function databaseFolder(): string {
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ENOUGH_BYTES ? IN_MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
