import { insertCheckpoint, isQueueEmpty, lockTree, newestCheckpoint, readTiles, treeSize } from '../../db/audit-tree.ts';
import type { Db, Executor } from '../../db/executor.ts';
import { parseCheckpoint } from '../../protocol/audit/checkpoint.ts';
import { parseNote } from '../../protocol/audit/signed-note.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import type { Signer } from './signer.ts';
import { appendQueued } from './tree/append.ts';
import { rootAt } from './tree/proofs.ts';

/** How often it is looked whether entries wait. */
const POLL_MS = 1000;
/** A checkpoint is due after so long, or so many leaves, whatever comes first. */
const CHECKPOINT_MS = 10_000;
const CHECKPOINT_LEAVES = 1000;

/**
 * `behind`: the writer cannot work at the moment, entries wait. `changed`: the log is not what was signed before; this
 * stays until a person has looked, and nothing is signed meanwhile.
 */
export type LogState = 'ok' | 'behind' | 'changed';

export interface TreeWriterParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly signer: Signer;
  readonly outside: CheckpointFile;
}

/** The background writer: gives entries their places in the tree, and signs its head. Every process has one; one at a time works. */
export class TreeWriter {
  readonly #parts: TreeWriterParts;
  #changed = false;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #signedAt = 0;
  /** What is there was compared with what was signed before this process began. */
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
        if (!this.#stopped) this.#timer = setTimeout(turn, POLL_MS);
      });
    };
    turn();
  }

  /** Everything that waits gets its place, and a last checkpoint is signed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    await this.#turn(true);
  }

  /** Appends what waits, and signs when it is due or asked for. Never rejects: what fails is tried again. */
  async #turn(sign = false): Promise<void> {
    try {
      await this.#append();
      await this.#sign(sign);
      if (this.#failing) this.#parts.log.info('the audit log has its writer again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#parts.log.error({ err: error }, 'the audit log waits for its writer; entries are kept and nothing is lost');
      this.#failing = true;
    }
  }

  async #append(): Promise<void> {
    while (!(await isQueueEmpty(this.#parts.db))) {
      const appended = await appendQueued(this.#parts.db);
      if (!appended || appended.taken === 0) return;
      this.#parts.metrics.auditLeaves.inc(appended.taken - appended.missing.length);
      if (appended.missing.length > 0) this.#parts.log.error({ entries: appended.missing }, 'entries of the audit log were removed');
    }
  }

  async #sign(asked: boolean): Promise<void> {
    const { db, clock } = this.#parts;
    const [size, before] = await Promise.all([treeSize(db), newestCheckpoint(db)]);
    const fresh = size - (before?.size ?? 0);
    const due = asked || fresh >= CHECKPOINT_LEAVES || clock() - this.#signedAt >= CHECKPOINT_MS;
    if (this.#checked && (fresh === 0 || !due)) return;
    await db.transaction().execute(async (tx) => {
      if (!(await lockTree(tx))) return;
      await this.#signHead(tx);
      this.#checked = true;
    });
  }

  /** What was signed before, in the database and outside of it, has to be the beginning of what is signed now. */
  async #signHead(tx: Executor): Promise<void> {
    const { outside, signer, metrics, clock } = this.#parts;
    const size = await treeSize(tx);
    const read = (tiles: Parameters<typeof readTiles>[1]) => readTiles(tx, tiles);
    const inside = await newestCheckpoint(tx);
    for (const note of [inside?.note, await outside.last()]) {
      if (note !== undefined && !(await this.#continues(note, size, read))) return this.#refuse(note, size);
    }
    this.#changed = false;
    metrics.auditChanged.set(0);
    if (size === (inside?.size ?? 0)) return;
    const note = await signer.note({ size, root: await rootAt(size, read) });
    // Outside first: a checkpoint that only the database has protects nothing from its owner.
    await outside.append(note);
    this.#signedAt = clock();
    await insertCheckpoint(tx, { size, note, signedAt: new Date(this.#signedAt) });
    metrics.auditCheckpoints.inc();
  }

  async #continues(note: string, size: number, read: (tiles: Parameters<typeof readTiles>[1]) => ReturnType<typeof readTiles>): Promise<boolean> {
    const before = parseCheckpoint(parseNote(note).text);
    return before.size <= size && Buffer.compare(await rootAt(before.size, read), before.root) === 0;
  }

  #refuse(note: string, size: number): void {
    const { log, metrics } = this.#parts;
    if (!this.#changed) log.fatal({ signed: note, size }, 'the audit log is not what was signed: nothing is signed until a person has looked');
    this.#changed = true;
    metrics.auditChanged.set(1);
  }
}
