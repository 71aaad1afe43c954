import { createHash } from 'node:crypto';
import { findKeyed } from '../../../db/events.ts';
import type { Executor } from '../../../db/executor.ts';
import { ProtocolError } from '../../../protocol/errors.ts';
import { streamOfKey } from '../record/key-stream.ts';

/** A command that takes effect once, however often it comes: the stream and the digest of its event. */
export interface Once {
  readonly stream: string;
  readonly digest: string;
}

/** @param key of the request; each person has their own @param command without the sessions that it is for */
export const onceOf = (session: string, by: string, key: string, command: object): Once => ({
  stream: streamOfKey(session, `command\n${by}\n${key}`),
  digest: createHash('sha256').update(JSON.stringify(command)).digest('base64url'),
});

/** @throws ProtocolError `idempotency_conflict` */
export function checkSameCommand(stored: string | null, { digest }: Once): void {
  if (stored !== digest)
    throw new ProtocolError('idempotency_conflict', 'this Idempotency-Key was used for another command');
}

/** Digests of those commands whose events are stored, by their streams. */
export async function storedCommands(
  ex: Executor,
  given: readonly { readonly session: string; readonly once: Once }[],
): Promise<ReadonlyMap<string, string | null>> {
  const rows = await findKeyed(
    ex,
    given.map(({ session }) => session),
    given.map(({ once }) => once.stream),
  );
  return new Map(rows.map((row) => [row.stream!, row.body_digest]));
}

/** Commands of one session that were given with a key, as long as it lives here. */
export class GivenCommands {
  readonly #given = new Map<string, { readonly digest: string; readonly done: Promise<void> }>();

  /** @throws ProtocolError `idempotency_conflict`, and as the command */
  run(once: Once | undefined, command: () => Promise<void>): Promise<void> {
    if (!once) return command();
    const before = this.#given.get(once.stream);
    if (before) {
      checkSameCommand(before.digest, once);
      return before.done;
    }
    const done = command();
    this.#given.set(once.stream, { digest: once.digest, done });
    // One that was refused can be given again.
    done.catch(() => this.#given.delete(once.stream));
    if (this.#given.size > REMEMBERED) this.#given.delete(this.#given.keys().next().value!);
    return done;
  }
}

/** Older ones are found in the database. */
const REMEMBERED = 200;
