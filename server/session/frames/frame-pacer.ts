/**
 * Chooses the frames that are analysed, so that their mean rate is the configured one whatever the arrival
 * times: a frame counts from a quarter of an interval before it is due. Times are server ms.
 */
export class FramePacer {
  #dueAt = 0;

  isDue(fps: number, now: number): boolean {
    const interval = 1000 / fps;
    // At most one interval and a quarter ahead: the rate may have risen, or the clock been set back.
    this.#dueAt = Math.min(this.#dueAt, now + interval * 1.25);
    if (now < this.#dueAt - interval / 4) return false;
    this.#dueAt = Math.max(this.#dueAt, now - interval / 2) + interval;
    return true;
  }
}
