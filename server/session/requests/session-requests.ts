import type { EventRow } from '../../../db/events.ts';
import type { Detection } from '../../../models/jobs.ts';
import type { Answer } from '../../../protocol/exam.ts';
import type { FaceCheckOutcome } from '../../../protocol/http/requests.ts';
import type { Direction } from '../../../protocol/request-kinds.ts';
import type { FrameRequests } from '../frames/frame-requests.ts';
import type { SeenFrame } from '../record/incident-pictures.ts';
import type { Excuse } from '../rules/rules.ts';
import { Challenges, type NotSeen } from './challenges.ts';
import { FaceChecks } from './face-checks.ts';
import { RandomTurns } from './random-turns.ts';
import { pendingRequest, type RequestParts } from './request-parts.ts';
import { RoomLooks } from './room-looks.ts';
import { Snapshots } from './snapshots.ts';
import { takeStartPicture } from './start-picture.ts';

/** Requests to the student of one session, at random or by proctors: head turns, looks at the room, face checks. */
export class SessionRequests implements FrameRequests {
  readonly #parts: RequestParts;
  readonly #challenges: Challenges;
  readonly #looks: RoomLooks;
  readonly #checks: FaceChecks;
  readonly #random: RandomTurns;
  readonly snapshots: Snapshots;

  constructor(parts: RequestParts) {
    this.#parts = parts;
    this.#challenges = new Challenges(parts, parts.clock());
    this.#looks = new RoomLooks(parts);
    this.#checks = new FaceChecks(parts);
    this.snapshots = new Snapshots(parts);
    this.#random = new RandomTurns(parts, this.#challenges);
  }

  // -- people; each resolves when it is committed

  /** @throws ProtocolError as `Challenges.ask` */
  async askHeadTurn(by: string, direction: Direction | undefined): Promise<EventRow> {
    if (this.#looks.isPending) throw pendingRequest('a look at the room');
    return this.#challenges.ask(by, direction);
  }

  /** @throws ProtocolError as `RoomLooks.ask` */
  async askRoomLook(by: string, reason: string | undefined): Promise<EventRow> {
    if (this.#challenges.isPending) throw pendingRequest('a head turn');
    return this.#looks.ask(by, reason);
  }

  /** @throws ProtocolError as `FaceChecks.begin` */
  beginFaceCheck(by: string): ReturnType<FaceChecks['begin']> {
    return this.#checks.begin(by);
  }

  /** @throws ProtocolError as `FaceChecks.decide` */
  decideFaceCheck(
    id: string,
    by: string,
    decision: { readonly outcome: FaceCheckOutcome; readonly note?: string | undefined },
  ): Promise<EventRow> {
    return this.#checks.decide(id, by, decision);
  }

  // -- the exam client

  /** The session is loaded. @returns rows of requests that an earlier process left */
  resume(now: number): EventRow[] {
    return [...this.#challenges.resume(now), ...this.#looks.resume()];
  }

  /** A client is connected. */
  attached(now: number): void {
    this.interrupted('offline', now);
    this.#challenges.offer(now);
    this.#looks.offer(now);
  }

  /** The student is not seen, or sees nothing, from now on. */
  interrupted(reason: NotSeen, now: number): void {
    this.#store([...this.#challenges.interrupt(reason, now), ...this.#looks.interrupt(now)]);
  }

  answer({ request, answer, reason }: Answer): void {
    const now = this.#parts.clock();
    switch (answer) {
      case 'shown':
        return this.#store(this.#challenges.shown(request, now));
      case 'hidden':
        return this.#challenges.isOf(request) ? this.#store(this.#challenges.interrupt('hidden', now)) : undefined;
      case 'begin':
        return this.#looks.begin(request, now);
      case 'decline':
        return this.#store(this.#looks.decline(request, reason === '' ? undefined : reason, now));
    }
  }

  // -- frames

  get sendFps(): number {
    return Math.max(this.#challenges.fps, this.#looks.fps);
  }

  get analyseFps(): number {
    return this.#challenges.fps;
  }

  excuse(at: number): Excuse | undefined {
    if (this.#looks.excuses(at)) return 'look';
    return this.#challenges.excuses(at) ? 'turn' : undefined;
  }

  arrived(frame: SeenFrame): void {
    this.#looks.arrived(frame);
    this.snapshots.arrived(frame);
    this.#store(this.#checks.arrived(frame));
  }

  shown(frame: SeenFrame): void {
    this.snapshots.arrived(frame);
  }

  analysed(frame: SeenFrame, detection: Detection): void {
    this.#store([
      ...this.#challenges.analysed(frame, detection),
      ...(this.#looks.excuses(frame.receivedAt) ? [] : takeStartPicture(this.#parts.recorder, frame, detection)),
    ]);
  }

  // -- time

  /** Once a second. */
  tick(now: number): void {
    this.snapshots.tick(now);
    this.#store([...this.#challenges.tick(now), ...this.#looks.tick(now), ...this.#checks.tick(now)]);
    this.#random.tick(now, !this.#challenges.isPending && !this.#looks.isPending && !this.#looks.isUnderWay(now));
  }

  /** The session ends. */
  stop(now: number): EventRow[] {
    this.snapshots.stop();
    return [...this.#challenges.stop(now), ...this.#looks.stop(now)];
  }

  #store(rows: readonly EventRow[]): void {
    void this.#parts.recorder.store(rows);
  }
}
