import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { CheckInPictureRow } from '../../db/check-in-pictures.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { LATE, withDeadline } from '../deadline.ts';
import type { Logger } from '../log.ts';
import { type CheckInPictureOf, openCheckInPicture, SealError, sealCheckInPicture } from './cipher.ts';
import type { EvidenceStore } from './store.ts';
import { withoutMetadata } from './without-metadata.ts';

export interface CheckInPicturesParts {
  readonly store: EvidenceStore;
  /** Undefined: the server has no master key. */
  readonly master: Uint8Array | undefined;
  readonly log: Logger;
}

/** A store that does not respond within this time hangs. */
const STORE_TIMEOUT_MS = 10_000;
/** Concurrent writes. A folder that hangs blocks one of the four threads of Node's pool for each. */
const WRITERS = 2;
const MOST_WAITING = 200;
const RETRY_S = 2;

const busy = (message: string) =>
  new ProtocolError('unavailable', message, { retryable: true, retryAfterSeconds: RETRY_S });

/** Pictures of check-ins in the store of evidence, each under a key of its own, so that each can be erased alone. */
export class CheckInPictures {
  readonly #parts: CheckInPicturesParts;
  readonly #lanes = Array.from({ length: WRITERS }, (): Promise<unknown> => Promise.resolve());
  #waiting = 0;
  #turn = 0;

  constructor(parts: CheckInPicturesParts) {
    this.#parts = parts;
  }

  /**
   * Stores a valid picture, without its metadata. Its row has to be inserted now, or the object discarded.
   * @throws ProtocolError `unavailable`
   */
  async put(
    { checkIn, kind, at }: { readonly checkIn: string; readonly kind: CheckInPictureOf['kind']; readonly at: Date },
    jpeg: Uint8Array,
  ): Promise<CheckInPictureRow> {
    const { store, master } = this.#parts;
    if (!master) throw noKey();
    if (this.#waiting >= MOST_WAITING) throw busy('too many pictures wait to be stored');
    const id = uuidv7();
    const { sealed, wrappedKey } = sealCheckInPicture(master, { id, checkIn, kind }, withoutMetadata(jpeg));
    await this.#inLane(async () => {
      const stored = await withDeadline(store.put(id, sealed), STORE_TIMEOUT_MS).catch((error: unknown) => {
        this.#parts.log.error({ err: error }, 'storing a picture of a check-in failed');
        throw busy('the evidence store refuses pictures');
      });
      if (stored === LATE) throw busy('the evidence store does not respond');
    });
    return {
      id,
      check_in_id: checkIn,
      kind,
      at,
      bytes: sealed.byteLength,
      digest: createHash('sha256').update(sealed).digest(),
      object_key: id,
      wrapped_key: wrappedKey,
      submitted: false,
    };
  }

  /**
   * A picture as it was stored.
   * @throws ProtocolError `unavailable`, or `internal` when it cannot be read or is not what was stored
   */
  async get({ id, check_in_id: checkIn, kind, object_key, wrapped_key }: CheckInPictureRow): Promise<Uint8Array> {
    const { store, master } = this.#parts;
    if (!master) throw noKey();
    const sealed = await withDeadline(store.get(object_key), STORE_TIMEOUT_MS);
    if (sealed === LATE) throw busy('the evidence store does not respond');
    if (!sealed) throw new ProtocolError('internal', 'the picture is missing from the store');
    try {
      return openCheckInPicture(master, { id, checkIn, kind }, { sealed, wrappedKey: wrapped_key });
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      this.#parts.log.error({ err: error, picture: id, checkIn }, 'a stored picture cannot be read');
      throw new ProtocolError(
        'internal',
        'the picture cannot be read: it was stored under another key, or it was changed',
      );
    }
  }

  async #inLane<T>(work: () => Promise<T>): Promise<T> {
    const lane = this.#turn++ % WRITERS;
    this.#waiting += 1;
    const done = this.#lanes[lane]!.then(work);
    this.#lanes[lane] = done.catch(() => {});
    try {
      return await done;
    } finally {
      this.#waiting -= 1;
    }
  }
}

const noKey = () => new ProtocolError('unavailable', 'the server has no evidence key');
