import { challengesOf } from '../../../protocol/policy.ts';
import { untilLater, untilNext } from './chance.ts';
import type { Challenges } from './challenges.ts';
import { NOTHING_ASKED, type RequestParts } from './request-parts.ts';

/** Incidents in which a turn could not be seen. */
const BLIND = ['NO_FACE', 'MULTIPLE_FACES', 'CAMERA_COVERED', 'NO_FRAME_RECEIVED', 'INVALID_IMAGE', 'FRAMES_REFUSED'];
/** Nobody is asked in the last moments of an exam, ms. */
const LAST_MS = 60_000;

/**
 * Asks for head turns at random times. The next time is stored with the session, so that a restart of the server
 * neither forgets nor repeats a request; it is drawn when the one before is made.
 */
export class RandomTurns {
  readonly #parts: RequestParts;
  readonly #challenges: Challenges;
  /** When to look again, if it was no moment to ask, server ms. */
  #laterAt: number | undefined;

  constructor(parts: RequestParts, challenges: Challenges) {
    this.#parts = parts;
    this.#challenges = challenges;
  }

  /** Once a second. @param isFree no other request is pending */
  tick(now: number, isFree: boolean): void {
    const { recorder, random, isObserved } = this.#parts;
    const { enabled, perHour } = challengesOf(recorder.state.policy);
    if (!enabled || perHour === 0 || !isObserved()) return;
    const next = recorder.state.requests?.nextChallengeAt ?? null;
    if (next === null) {
      this.#draw(now, perHour);
      void recorder.store([], { stateChanged: true });
      return;
    }
    if (now < (this.#laterAt ?? next)) return;
    if (!isFree || !this.#isMoment(now)) {
      this.#laterAt = now + untilLater(random);
      return;
    }
    this.#draw(now, perHour);
    // A refusal is one of a proctor's request in the same turn.
    this.#challenges.ask(undefined).catch(() => {});
  }

  #draw(now: number, perHour: number): void {
    const { recorder, random } = this.#parts;
    this.#laterAt = undefined;
    const nextChallengeAt = now + untilNext(perHour, random);
    recorder.state.requests = { ...NOTHING_ASKED, ...recorder.state.requests, nextChallengeAt };
  }

  #isMoment(now: number): boolean {
    const { recorder, isAnalysed, client } = this.#parts;
    const { deadline } = recorder.state;
    return (
      isAnalysed() &&
      recorder.straight !== undefined &&
      client().visible !== false &&
      this.#challenges.sawPose(now) &&
      !BLIND.some((type) => recorder.state.isOpen(type)) &&
      (deadline === null || deadline.getTime() - now > LAST_MS)
    );
  }
}
