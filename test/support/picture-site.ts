import { clips } from '../../simulator/draw/clips.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import type { Evidence } from '../../protocol/http/evidence.ts';
import type { FrameAnalysis } from '../../protocol/http/frames.ts';
import type { EvidenceStore } from '../../server/evidence/store.ts';
import type { Api } from './api.ts';
import { type Attempt, startAttempt } from './attempt.ts';
import { postFrame } from './frame-form.ts';
import type { TestServer } from './server.ts';

export const drawnPictures = clips(createScene(3));
type Clip = 'attentive' | 'empty' | 'second' | 'covered';

/** A clock that moves only when set. */
export class Clockwork {
  now: number;

  constructor(now = Date.now()) {
    this.now = now;
  }

  readonly read = (): number => this.now;
}

let drawn = 0;

/** Sends the next frame of a clip, one second later. @returns the exact bytes sent */
export async function showClip({ student, session }: Attempt, clock: Clockwork, clip: Clip): Promise<Uint8Array> {
  clock.now += 1000;
  const frames = drawnPictures[clip];
  const jpeg = frames[drawn++ % frames.length]!;
  const { status, body } = await postFrame(student, session.id, jpeg);
  if (status !== 200 || !(body as FrameAnalysis).analysed) throw new Error(`${status} ${JSON.stringify(body)}`);
  return jpeg;
}

/**
 * Shows an empty frame until an incident opens, then the student until it closes. @returns the frames that opened and
 * closed it
 */
export async function leaveAndReturn(
  at: Attempt,
  clock: Clockwork,
): Promise<{ opened: Uint8Array; closed: Uint8Array }> {
  await showClip(at, clock, 'attentive');
  let opened = new Uint8Array();
  for (let i = 0; i < 4; i++) opened = new Uint8Array(await showClip(at, clock, 'empty'));
  await showClip(at, clock, 'attentive');
  return { opened, closed: await showClip(at, clock, 'attentive') };
}

export const startWatched = (site: TestServer, policy: Parameters<typeof startAttempt>[1] = {}): Promise<Attempt> =>
  startAttempt(site, { gaze: { enabled: false }, ...policy });

export const evidenceOf = async (api: Api, eventId: string): Promise<Evidence[]> =>
  (await api.get<{ items: Evidence[] }>(`/api/events/${eventId}/evidence`)).items;

/** Bytes of a binary response. */
export async function fetchPicture(api: Api, id: string): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const response = await fetch(`${api.url}/api/evidence/${id}`, {
    headers: { authorization: `Bearer ${api.tokens?.accessToken}` },
  });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}

export async function metricOf(site: TestServer, name: string): Promise<number> {
  const text = (await site.api().send('GET', '/metrics')).body as string;
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? 0);
}

/** In-memory store that can be made to fail or to hang. */
export class FaultyStore implements EvidenceStore {
  readonly objects = new Map<string, { bytes: Uint8Array; storedAt: number }>();
  fault: 'none' | 'fails' | 'hangs' = 'none';
  /** Key of an object that cannot be removed. */
  stuck: string | undefined;
  #hanging: { go: () => void; fail: (error: Error) => void }[] = [];

  async #pass(): Promise<void> {
    if (this.fault === 'fails') throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    if (this.fault === 'hangs') await new Promise<void>((go, fail) => this.#hanging.push({ go, fail }));
  }

  mend(): void {
    this.fault = 'none';
    for (const { go } of this.#hanging.splice(0)) go();
  }

  get hanging(): number {
    return this.#hanging.length;
  }

  /** Fails the pending operations and all later ones. */
  breakDown(): void {
    this.fault = 'fails';
    for (const { fail } of this.#hanging.splice(0)) fail(new Error('the connection was reset'));
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#pass();
    this.objects.set(key, { bytes, storedAt: Date.now() });
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    await this.#pass();
    return this.objects.get(key)?.bytes;
  }

  async remove(key: string): Promise<void> {
    await this.#pass();
    if (key === this.stuck) throw Object.assign(new Error('operation not permitted'), { code: 'EPERM' });
    this.objects.delete(key);
  }

  async *list(): AsyncIterable<{ key: string; storedAt: number }> {
    for (const [key, { storedAt }] of this.objects) yield { key, storedAt };
  }
}
