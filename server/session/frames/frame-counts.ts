import type { Detection } from '../../../models/jobs.ts';
import type { Metrics } from '../../metrics.ts';
import type { AnalysisMinutes, DropReason } from './analysis-minutes.ts';

/** Counts of one session's frames: in the server's metrics, and by the minute in the session's record. */
export class FrameCounts {
  readonly #metrics: Metrics;
  readonly #minutes: AnalysisMinutes;

  constructor(metrics: Metrics, minutes: AnalysisMinutes) {
    this.#metrics = metrics;
    this.#minutes = minutes;
  }

  received(now: number): void {
    this.#metrics.framesReceived.inc();
    this.#minutes.received(now);
  }

  dropped(reason: DropReason, at: number): void {
    this.#metrics.framesDropped.inc({ reason });
    this.#minutes.dropped(reason, at);
  }

  analysed(detection: Detection, at: number): void {
    this.#metrics.framesAnalysed.inc();
    this.#minutes.analysed(detection, at);
  }
}
