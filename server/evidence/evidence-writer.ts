import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { EvidenceRow } from '../../db/evidence.ts';
import { withDeadline } from '../deadline.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type PictureOf, SealError, sealPicture } from './cipher.ts';
import type { SessionKeys } from './session-keys.ts';
import type { SessionQuota } from './session-quota.ts';
import type { EvidenceStore } from './store.ts';
import { withoutMetadata } from './without-metadata.ts';

/** A frame to store. */
export interface Picture extends PictureOf {
  /** When it arrived, server ms. */
  readonly at: number;
  readonly jpeg: Uint8Array;
}

/** Outcome of storing a picture: one of the methods is called, once. */
export interface PictureFate {
  /**
   * It is in the store; its row has to be written now. Rejects when that was refused: another process holds the
   * session.
   */
  stored(row: EvidenceRow): Promise<void>;
  missing(): void;
}

interface Waiting {
  readonly picture: Picture;
  readonly fate: PictureFate;
}

const MOST_WAITING = 500;
const MOST_BYTES = 64 * 1024 * 1024;
/** Concurrent writes. A folder that hangs blocks one of the four threads of Node's pool for each. */
const WRITERS = 2;
const RETRY_MS = 1000;

/** SQLSTATE class 23: the session is gone. */
const isGone = (error: unknown) => String((error as { code?: unknown }).code).startsWith('23');

/**
 * Encrypts pictures and puts them into the store in the background. Pictures that do not fit into the queue, or that
 * the store refuses, are missing and counted. A store that hangs fills the queue and affects nothing else.
 */
export class EvidenceWriter {
  readonly #keys: SessionKeys;
  readonly #quota: SessionQuota | undefined;
  readonly #store: EvidenceStore;
  readonly #log: Logger;
  readonly #metrics: Metrics;
  readonly #waiting: Waiting[] = [];
  readonly #writing = new Set<Waiting>();
  #bytes = 0;
  #idle: (() => void)[] = [];
  #failing = false;
  #stopped = false;

  /** @param quota undefined: a session may have any number of pictures */
  constructor(keys: SessionKeys, store: EvidenceStore, log: Logger, metrics: Metrics, quota?: SessionQuota) {
    this.#keys = keys;
    this.#quota = quota;
    this.#store = store;
    this.#log = log;
    this.#metrics = metrics;
  }

  /** The store refused the last picture. */
  get isFailing(): boolean {
    return this.#failing;
  }

  /** Queues a picture; neither waits nor throws. `fate` is called in a later turn. */
  keep(picture: Picture, fate: PictureFate): void {
    // A copy: it may wait for long, and would keep its whole slab in memory.
    const item = { picture: { ...picture, jpeg: picture.jpeg.slice() }, fate };
    if (this.#stopped) return this.#miss(item, 'stopped');
    if (this.#waiting.length >= MOST_WAITING || this.#bytes + picture.jpeg.byteLength > MOST_BYTES)
      return this.#miss(item, 'queue_full');
    this.#bytes += picture.jpeg.byteLength;
    this.#waiting.push(item);
    this.#metrics.evidenceWaiting.set(this.#waiting.length);
    setImmediate(() => this.#pump());
  }

  /** Resolves when the queue is empty, or when time is up: the rest is missing. */
  async stop(timeoutMs: number): Promise<void> {
    if (this.#waiting.length > 0 || this.#writing.size > 0) {
      await withDeadline(new Promise<void>((resolve) => this.#idle.push(resolve)), timeoutMs);
    }
    this.#stopped = true;
    for (const item of [...this.#writing, ...this.#waiting.splice(0)]) this.#miss(item, 'stopped');
    this.#writing.clear();
    await new Promise((resolve) => setImmediate(resolve));
  }

  #pump(): void {
    while (this.#writing.size < WRITERS) {
      const item = this.#waiting.shift();
      if (!item) break;
      this.#metrics.evidenceWaiting.set(this.#waiting.length);
      this.#writing.add(item);
      void this.#write(item);
    }
    if (this.#writing.size === 0) for (const tell of this.#idle.splice(0)) tell();
  }

  async #write(item: Waiting): Promise<void> {
    const { picture, fate } = item;
    try {
      const row = await this.#put(picture);
      // Given up while it hung: the sweep removes its object, which has no row.
      if (!this.#writing.has(item)) return;
      if (!row) return this.#miss(item, 'session_full');
      if (this.#failing) this.#log.info('pictures of incidents are stored again');
      this.#failing = false;
      void fate.stored(row).then(
        () => this.#count(row),
        () => this.#metrics.evidenceDropped.inc({ reason: 'refused' }),
      );
    } catch (error) {
      if (!this.#failing)
        this.#log.error({ err: error, session: picture.session }, 'storing a picture of an incident failed');
      this.#failing = true;
      if (this.#writing.has(item)) this.#miss(item, 'store_failed');
    } finally {
      this.#bytes -= picture.jpeg.byteLength;
      this.#writing.delete(item);
      this.#pump();
    }
  }

  /** @returns undefined when the session has no room for it */
  async #put(picture: Picture): Promise<EvidenceRow | undefined> {
    const { session, event, kind, at, jpeg } = picture;
    const key = await this.#whenThere(() => this.#keys.forWriting(session));
    const sealed = sealPicture(key, picture, withoutMetadata(jpeg));
    const quota = this.#quota;
    if (quota && !(await this.#whenThere(() => quota.take(session, sealed.byteLength)))) return undefined;
    const id = uuidv7();
    await this.#store.put(id, sealed);
    const digest = createHash('sha256').update(sealed).digest();
    return {
      id,
      session_id: session,
      event_id: event,
      kind,
      at: new Date(at),
      bytes: sealed.byteLength,
      digest,
      object_key: id,
    };
  }

  /** While the database is down pictures wait, as events do. */
  async #whenThere<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (this.#stopped || error instanceof SealError || isGone(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  #count({ bytes }: EvidenceRow): void {
    this.#metrics.evidenceKept.inc();
    this.#metrics.evidenceBytes.inc(bytes);
  }

  #miss({ fate }: Waiting, reason: 'queue_full' | 'session_full' | 'store_failed' | 'stopped'): void {
    this.#metrics.evidenceDropped.inc({ reason });
    setImmediate(() => fate.missing());
  }
}
