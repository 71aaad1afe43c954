import { type Backoff, delay } from '../backoff.ts';
import { cameraFault, mayPass } from './camera-fault.ts';
import type { CameraFault } from './camera-reason.ts';
import { cameraOf } from './camera-list.ts';
import { openCamera } from './open-camera.ts';

/** Reason for a lost camera: its track ended, stayed muted, or delivers no more frames. */
export type CameraLoss = 'ended' | 'muted' | 'silent';

/**
 * - `live` the camera is open; `back` after it was lost, muted or exchanged for another one
 * - `muted` muted at its source: shutter closed, or taken by the system; can recover by itself
 * - `lost` gone; requested again
 * - `refused` the request failed; without `retryInMs` the user has to act, and `retry` has to be called
 */
export type CameraChange =
  | { readonly state: 'live' | 'back'; readonly stream: MediaStream }
  | { readonly state: 'muted' }
  | { readonly state: 'lost'; readonly reason: CameraLoss }
  | { readonly state: 'refused'; readonly reason: CameraFault; readonly message: string; readonly retryInMs?: number };

const BACKOFF: Backoff = { minMs: 1_000, maxMs: 20_000 };
/** A camera that stays muted for this long is requested again, ms. */
const MUTED_MS = 10_000;

export const CAMERA_CONSTRAINTS: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  facingMode: 'user',
};

const stop = (stream: MediaStream) => {
  for (const track of stream.getTracks()) track.stop();
};

/** Opens the user's camera, detects its loss, and requests it again until it is back. */
export class Camera {
  readonly #constraints: MediaTrackConstraints;
  readonly #changed: (change: CameraChange) => void;
  #stream: MediaStream | undefined;
  /** The chosen or last open one: after a loss the same camera is requested, if it is connected. */
  #deviceId: string | undefined;
  /** Aborts the listeners of the current track. */
  #watch: AbortController | undefined;
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #asking = false;
  #hadOne = false;

  /** @param deviceId camera to prefer */
  constructor(
    constraints: MediaTrackConstraints,
    deviceId: string | undefined,
    changed: (change: CameraChange) => void,
  ) {
    this.#constraints = constraints;
    this.#deviceId = deviceId;
    this.#changed = changed;
  }

  get stream(): MediaStream | undefined {
    return this.#stream;
  }

  /** @param stream an open camera; this object takes it over */
  start(stream?: MediaStream): void {
    if (this.#running) return;
    this.#running = new AbortController();
    navigator.mediaDevices?.addEventListener('devicechange', () => !this.#stream && this.retry(), {
      signal: this.#running.signal,
    });
    void this.#whenAllowed(this.#running.signal);
    if (stream) this.#take(stream);
    else void this.#ask();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#running?.abort();
    this.#running = undefined;
    this.#release();
  }

  /** Requests the camera now, if there is none. */
  retry(): void {
    clearTimeout(this.#timer);
    if (this.#running && !this.#stream) void this.#ask();
  }

  /**
   * Exchanges the camera for another one. The open one is kept until the other is open; devices that open one camera at
   * a time close it first.
   * @throws the browser's error; the open camera goes on
   */
  async use(deviceId: string): Promise<void> {
    const { signal } = this.#running ?? {};
    if (!signal || !this.#stream) {
      this.#deviceId = deviceId;
      return this.retry();
    }
    if (cameraOf(this.#stream) === deviceId) return;
    const { facingMode: _, ...others } = this.#constraints;
    try {
      const stream = await openCamera({ ...others, deviceId: { exact: deviceId } });
      if (signal.aborted) return stop(stream);
      clearTimeout(this.#timer);
      const before = this.#stream;
      this.#watch?.abort();
      this.#take(stream);
      // After the capture has left it.
      if (before) stop(before);
    } catch (error) {
      if (signal.aborted || cameraFault(error) !== 'in_use') throw error;
      this.#release();
      this.#deviceId = deviceId;
      await this.#ask();
    }
  }

  /** The camera delivers no more frames, whatever the state of its track. */
  silent(): void {
    if (this.#stream) this.#lose(this.#stream.getVideoTracks()[0]?.readyState === 'live' ? 'silent' : 'ended');
  }

  /** Retries when the permission is granted; some browsers do not report that. */
  async #whenAllowed(signal: AbortSignal): Promise<void> {
    try {
      const permission = await navigator.permissions.query({ name: 'camera' });
      permission.addEventListener('change', () => permission.state === 'granted' && !this.#stream && this.retry(), {
        signal,
      });
    } catch {
      // Not supported: the page offers a button instead.
    }
  }

  async #ask(): Promise<void> {
    const { signal } = this.#running ?? {};
    if (!signal || this.#asking) return;
    this.#asking = true;
    try {
      const stream = await openCamera(this.#constraints, this.#deviceId);
      if (signal.aborted || this.#stream) stop(stream);
      else this.#take(stream);
    } catch (error) {
      if (!signal.aborted) this.#refused(error);
    } finally {
      this.#asking = false;
      // Stopped and started again meanwhile.
      if (signal.aborted) this.retry();
    }
  }

  #refused(error: unknown): void {
    const reason = cameraFault(error);
    const message = error instanceof Error ? error.message : String(error);
    if (!mayPass(reason)) return this.#changed({ state: 'refused', reason, message });
    const retryInMs = BACKOFF.minMs + delay(this.#attempt++, Math.random, BACKOFF);
    this.#timer = setTimeout(() => this.retry(), retryInMs);
    this.#changed({ state: 'refused', reason, message, retryInMs });
  }

  #take(stream: MediaStream): void {
    const track = stream.getVideoTracks()[0];
    if (!track || track.readyState === 'ended') return this.#lose('ended');
    this.#stream = stream;
    this.#deviceId = cameraOf(stream) ?? this.#deviceId;
    this.#attempt = 0;
    this.#watch = new AbortController();
    const options = { signal: this.#watch.signal };
    track.addEventListener('ended', () => this.#lose('ended'), options);
    track.addEventListener('mute', () => this.#dark(), options);
    track.addEventListener('unmute', () => this.#light(stream), options);
    this.#changed({ state: this.#hadOne ? 'back' : 'live', stream });
    this.#hadOne = true;
    if (track.muted) this.#dark();
  }

  #dark(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lose('muted'), MUTED_MS);
    this.#changed({ state: 'muted' });
  }

  #light(stream: MediaStream): void {
    clearTimeout(this.#timer);
    this.#changed({ state: 'back', stream });
  }

  #lose(reason: CameraLoss): void {
    clearTimeout(this.#timer);
    this.#release();
    this.#hadOne = true;
    this.#changed({ state: 'lost', reason });
    void this.#ask();
  }

  #release(): void {
    this.#watch?.abort();
    this.#watch = undefined;
    if (this.#stream) stop(this.#stream);
    this.#stream = undefined;
  }
}
