import type { EventWrite } from '../../db/events.ts';
import type { Detection } from '../../models/jobs.ts';
import type { Frame } from '../../protocol/frame.ts';
import type { Audience, Chronicle, ChronicleParts } from './chronicle.ts';
import { analysisOf, incidentDetails } from './detection-view.ts';
import type { FrameListener } from './frames.ts';
import type { SeenFrame } from './incident-pictures.ts';

export interface SightingsParts extends Pick<ChronicleParts, 'feed' | 'models'> {
  readonly session: string;
  readonly chronicle: Chronicle;
  readonly audience: Pick<Audience, 'send'>;
  /** Whether something can be said of the student at the moment. */
  readonly isObserved: () => boolean;
}

/** What the frames of one session lead to: observations, and what the student and those who watch are shown of them. */
export class Sightings implements FrameListener {
  readonly #parts: SightingsParts;

  constructor(parts: SightingsParts) {
    this.#parts = parts;
  }

  arrived(frame: Frame, now: number): EventWrite[] {
    const { session, chronicle, feed, models } = this.#parts;
    if (feed.isWatched(session)) feed.publishFrame({ ...frame, session });
    return chronicle.follow({ kind: 'frame', at: now, unseen: !models() });
  }

  invalid(frame: { seq: number }, problem: string, at: number): EventWrite[] {
    return this.#parts.isObserved() ? this.#parts.chronicle.follow({ kind: 'invalid', at }, { problem, frame: frame.seq }) : [];
  }

  detected(frame: SeenFrame & { readonly seq: number }, detection: Detection): EventWrite[] | undefined {
    const { session, chronicle, feed, models, audience, isObserved } = this.#parts;
    // Paused, ended or cut off while the models looked: nothing may come of it any more.
    if (!isObserved()) return undefined;
    const rows = chronicle.follow({ kind: 'detection', detection, at: frame.receivedAt }, incidentDetails(detection, models()), frame);
    const analysis = analysisOf(frame.seq, detection);
    audience.send({ type: 'analysis', ...analysis });
    if (feed.isWatched(session)) feed.publishAnalysis(session, analysis);
    return rows;
  }

  quarantined(at: number): void {
    const { chronicle } = this.#parts;
    void chronicle.store([chronicle.instant('FRAMES_REFUSED', 'connection', at)]);
  }
}
