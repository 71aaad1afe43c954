import { testDatabase } from './database-test.ts';
import type { Measured } from './measured.ts';
import { testSocket } from './socket-test.ts';

/** Runs them. Never rejects. An exam that wants a microphone or the screen would get its test here. */
export async function measure(): Promise<Measured> {
  const [socket, storage] = await Promise.all([testSocket(), testDatabase()]);
  return { ...socket, storage };
}
