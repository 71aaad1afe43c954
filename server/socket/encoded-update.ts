import { encodeDown } from '../../protocol/codec.ts';
import type { ConsoleDown } from '../../protocol/down.ts';
import type { Team } from '../../protocol/team.ts';
import type { SessionUpdate } from '../feed/feed.ts';

/** A message as it goes out. */
export const bytesOf = (message: ConsoleDown): Uint8Array => Buffer.from(encodeDown(message), 'utf8');

/**
 * Messages of an update in UTF-8: encoded when the first console needs them, shared by the others.
 */
export class EncodedUpdate {
  readonly #update: SessionUpdate;
  readonly #events: Uint8Array[] = [];
  #session: Uint8Array | undefined;
  #risk: Uint8Array | undefined;

  private constructor(update: SessionUpdate) {
    this.#update = update;
  }

  static readonly #made = new WeakMap<SessionUpdate, EncodedUpdate>();

  static of(update: SessionUpdate): EncodedUpdate {
    let encoded = EncodedUpdate.#made.get(update);
    if (!encoded) EncodedUpdate.#made.set(update, (encoded = new EncodedUpdate(update)));
    return encoded;
  }

  get session(): Uint8Array {
    return (this.#session ??= bytesOf({ type: 'session', session: this.#update.view }));
  }

  get risk(): Uint8Array {
    const { id, score, rolling, level, attention } = this.#update.view;
    return (this.#risk ??= bytesOf({ type: 'risk', session: id, score, rolling, level, attention }));
  }

  /** Message of the nth change. */
  event(n: number): Uint8Array {
    const { offset, event } = this.#update.changes[n]!;
    return (this.#events[n] ??= bytesOf({ type: 'event', offset, event }));
  }
}

const teams = new WeakMap<Team, Uint8Array>();

/** Message about the staff at work on a session, encoded once for all consoles. */
export function teamBytes(team: Team): Uint8Array {
  let bytes = teams.get(team);
  if (!bytes) teams.set(team, (bytes = bytesOf({ type: 'team', sessions: [team] })));
  return bytes;
}
