import type { Executor } from '../../db/executor.ts';
import { type ExamFacts, listExamFacts, listRooms, type Viewer } from '../../db/visibility.ts';
import { isInRooms, isOwn, mayUse, type Place, type Rooms, roomsOf, roomsSeen, type Use } from './rights.ts';

/** A session as the live feed names it. */
export interface LivePlace extends Place {
  readonly examId: string;
}

/** Notified of changes that this process commits. */
export interface AccessChanges {
  /** Resolves when open consoles follow it. */
  assigned(userId: string): Promise<void>;
  examChanged(examId: string): Promise<void>;
}

/**
 * Rights of open consoles, in memory: no update and no frame costs a query. Follows the changes of this process.
 */
export class LiveAccess implements AccessChanges {
  readonly #db: Executor;
  /** Exams of all sessions that were live or listed by a console since the start. */
  readonly #exams = new Map<string, ExamFacts>();
  readonly #open = new Set<ConsoleAccess>();
  /** Called with each change, before it is followed. */
  onAssigned: (userId: string) => void = () => {};
  onExamChanged: (examId: string) => void = () => {};
  /** Changes of exams are read back one after the other, so that the last one read is the last one committed. */
  #tail: Promise<void> = Promise.resolve();

  constructor(db: Executor) {
    this.#db = db;
  }

  /** Reads exams that are not known yet. Sessions of an unknown exam are visible to nobody but admins. */
  async know(examIds: readonly string[]): Promise<void> {
    const unknown = [...new Set(examIds)].filter((id) => !this.#exams.has(id));
    if (unknown.length === 0) return;
    for (const exam of await listExamFacts(this.#db, unknown)) {
      // A change that was read meanwhile is newer.
      if (!this.#exams.has(exam.id)) this.#exams.set(exam.id, exam);
    }
  }

  exam(id: string): ExamFacts | undefined {
    return this.#exams.get(id);
  }

  /**
   * The rights of a console until it closes.
   * @param onChange runs after every change that may concern it
   * @param onLost its rights cannot be read
   */
  async open(viewer: Viewer, onChange: () => void, onLost: () => void): Promise<ConsoleAccess> {
    const access = new ConsoleAccess(viewer, this, this.#db, {
      onChange,
      onLost,
      onClose: () => this.#open.delete(access),
    });
    this.#open.add(access);
    try {
      await access.read();
      return access;
    } catch (error) {
      access.close();
      throw error;
    }
  }

  async assigned(userId: string): Promise<void> {
    this.onAssigned(userId);
    const theirs = [...this.#open].filter(({ viewer }) => viewer.userId === userId);
    await Promise.all(theirs.map((access) => access.reread()));
  }

  /** Follows changes that other processes have committed, and of which no message came. */
  async reread(): Promise<void> {
    if (this.#open.size === 0) return;
    for (const exam of await listExamFacts(this.#db, [...this.#exams.keys()])) this.#exams.set(exam.id, exam);
    for (const access of this.#open) await access.reread();
  }

  examChanged(examId: string): Promise<void> {
    this.onExamChanged(examId);
    this.#tail = this.#tail.then(() => this.#readExam(examId));
    return this.#tail;
  }

  async #readExam(id: string): Promise<void> {
    const before = this.#exams.get(id);
    const exam = await listExamFacts(this.#db, [id]).then(
      ([row]) => row,
      () => undefined,
    );
    if (exam) this.#exams.set(id, exam);
    else this.#exams.delete(id);
    if (before && before.staff_access === exam?.staff_access) return;
    for (const access of this.#open) access.changed();
  }
}

interface ConsoleEvents {
  readonly onChange: () => void;
  readonly onLost: () => void;
  readonly onClose: () => void;
}

/** Rights of one console. */
export class ConsoleAccess {
  readonly viewer: Viewer;
  readonly #live: Pick<LiveAccess, 'exam'>;
  readonly #db: Executor;
  readonly #events: ConsoleEvents;
  #rooms: ReadonlyMap<string, Rooms> = new Map();
  #reads = 0;
  #closed = false;

  constructor(viewer: Viewer, live: Pick<LiveAccess, 'exam'>, db: Executor, events: ConsoleEvents) {
    this.viewer = viewer;
    this.#live = live;
    this.#db = db;
    this.#events = events;
  }

  sees(session: LivePlace): boolean {
    const { viewer } = this;
    if (isOwn(viewer, session)) return false;
    if (viewer.role === 'admin') return true;
    const exam = this.#live.exam(session.examId);
    if (!exam) return false;
    return isInRooms(roomsSeen(viewer, exam, this.#rooms.get(session.examId)), session.room);
  }

  may(use: Use): boolean {
    return mayUse(this.viewer, use);
  }

  /** Reads the assignments. */
  async read(): Promise<void> {
    const read = ++this.#reads;
    const byExam = new Map<string, { room: string | null }[]>();
    for (const row of await listRooms(this.#db, this.viewer.userId))
      byExam.set(row.exam_id, [...(byExam.get(row.exam_id) ?? []), row]);
    // A later read is newer.
    if (read === this.#reads) this.#rooms = new Map([...byExam].map(([exam, rows]) => [exam, roomsOf(rows)]));
  }

  async reread(): Promise<void> {
    try {
      await this.read();
      this.changed();
    } catch {
      if (!this.#closed) this.#events.onLost();
    }
  }

  changed(): void {
    if (!this.#closed) this.#events.onChange();
  }

  close(): void {
    this.#closed = true;
    this.#events.onClose();
  }
}
