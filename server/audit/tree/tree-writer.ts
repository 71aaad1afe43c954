import { insertCheckpoint, lockTree, newestCheckpoint, readTiles, treeSize } from '../../../db/audit/tree.ts';
import type { Db, Executor } from '../../../db/executor.ts';
import { parseCheckpoint } from '../../../protocol/audit/checkpoint.ts';
import { NoteError, parseNote } from '../../../protocol/audit/signed-note.ts';
import { type Clock, systemTimers, type Timers } from '../../clock.ts';
import type { Logger } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { CheckpointFile } from '../checkpoints/checkpoint-file.ts';
import type { Signer } from '../checkpoints/signer.ts';
import { appendQueued, BATCH } from './append.ts';
import { rootAt } from './proofs.ts';
import { type ReadTiles, TileFault } from './tiles.ts';

/** Polling interval for queued entries. */
const POLL_MS = 1000;
/** A checkpoint is due after this time or this many leaves, whichever comes first. */
const CHECKPOINT_MS = 10_000;
const CHECKPOINT_LEAVES = 1000;

/**
 * `behind`: the writer is failing and entries are queued. `changed`: the log differs from what was signed; stays until
 * a person has investigated, and nothing is signed meanwhile.
 */
export type LogState = 'ok' | 'behind' | 'changed';

export interface TreeWriterParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly timers?: Timers | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly signer: Signer;
  readonly outside: CheckpointFile;
}

/**
 * Background writer: appends queued entries to the tree and signs its head. Every process has one; one at a time is
 * active.
 */
export class TreeWriter {
  readonly #parts: TreeWriterParts;
  #changed = false;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();
  #cancelTurn: () => void = () => {};
  #signedAt = 0;
  /** Whether the log was compared with what was signed before this process started. */
  #checked = false;
  #failing = false;

  constructor(parts: TreeWriterParts) {
    this.#parts = parts;
  }

  get state(): LogState {
    return this.#changed ? 'changed' : this.#failing ? 'behind' : 'ok';
  }

  start(): void {
    const turn = () => {
      this.#running = this.#turn().finally(() => {
        if (!this.#stopped) this.#cancelTurn = (this.#parts.timers ?? systemTimers).after(POLL_MS, turn);
      });
    };
    turn();
  }

  /** Appends all queued entries and signs a last checkpoint. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTurn();
    await this.#running;
    await this.#turn(true);
  }

  /** Appends queued entries, and signs when due, or at the end on request. Never rejects: failures are retried. */
  async #turn(sign = false): Promise<void> {
    try {
      // Under continuous load, checkpoints are signed between batches.
      for (let more = true; more;) {
        more = await this.#append();
        await this.#sign(sign && !more);
      }
      if (this.#failing) this.#parts.log.info('audit log writer recovered');
      this.#failing = false;
    } catch (error) {
      if (isChange(error)) return this.#refuse({ err: error });
      if (!this.#failing)
        this.#parts.log.error({ err: error }, 'audit log writer is failing; entries stay queued and nothing is lost');
      this.#failing = true;
    }
  }

  /** Appends as many as a checkpoint is due after. @returns whether more may be queued */
  async #append(): Promise<boolean> {
    for (let taken = 0; taken < CHECKPOINT_LEAVES; taken += BATCH) {
      const appended = await appendQueued(this.#parts.db);
      if (!appended) return false;
      this.#parts.metrics.auditLeaves.inc(appended.taken - appended.missing.length);
      if (appended.missing.length > 0)
        this.#parts.log.error({ entries: appended.missing }, 'queued entries of the audit log were removed');
      if (appended.taken < BATCH) return false;
    }
    return true;
  }

  async #sign(asked: boolean): Promise<void> {
    const { db, clock } = this.#parts;
    const size = await treeSize(db);
    const fresh = size - ((await newestCheckpoint(db))?.size ?? 0);
    const waited = clock() - this.#signedAt;
    // A clock set back must not delay it.
    const due = asked || fresh >= CHECKPOINT_LEAVES || waited >= CHECKPOINT_MS || waited < 0;
    if (this.#checked && (fresh === 0 || !due)) return;
    await db.transaction().execute(async (tx) => {
      if (!(await lockTree(tx))) return;
      await this.#signHead(tx);
      this.#checked = true;
    });
  }

  /** Everything signed before, in the database and outside, must be a prefix of what is signed now. */
  async #signHead(tx: Executor): Promise<void> {
    const { outside, signer, metrics, clock } = this.#parts;
    const size = await treeSize(tx);
    const read: ReadTiles = (tiles) => readTiles(tx, tiles);
    const inside = await newestCheckpoint(tx);
    for (const note of [inside?.note, await outside.last()]) {
      if (note !== undefined && !(await continues(note, size, read))) return this.#refuse({ signed: note, size });
    }
    this.#changed = false;
    metrics.auditChanged.set(0);
    if (size === (inside?.size ?? 0)) return;
    const note = await signer.note({ size, root: await rootAt(size, read) });
    // Outside first: a checkpoint that only the database has gives no protection from its owner.
    await outside.append(note);
    this.#signedAt = clock();
    await insertCheckpoint(tx, { size, note, signedAt: new Date(this.#signedAt) });
    metrics.auditCheckpoints.inc();
  }

  #refuse(found: Readonly<Record<string, unknown>>): void {
    const { log, metrics } = this.#parts;
    if (!this.#changed)
      log.fatal(found, 'audit log differs from what was signed; signing is stopped until an operator has investigated');
    this.#changed = true;
    metrics.auditChanged.set(1);
  }
}

async function continues(note: string, size: number, read: ReadTiles): Promise<boolean> {
  const before = parseCheckpoint(parseNote(note).text);
  return before.size <= size && Buffer.compare(await rootAt(before.size, read), before.root) === 0;
}

/** SQLSTATE unique_violation: an entry queued a second time. */
const TWICE = '23505';

/** The log was modified by somebody else: retrying cannot help. */
const isChange = (error: unknown) =>
  error instanceof TileFault || error instanceof NoteError || (error as { code?: unknown }).code === TWICE;
