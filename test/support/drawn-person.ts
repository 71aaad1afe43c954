import { drawFrame } from '../../simulator/draw/frame.ts';
import type { Posture } from '../../simulator/draw/person.ts';
import { createScene } from '../../simulator/draw/scene.ts';
import { encodeFrame } from '../../protocol/frame.ts';
import type { Api } from './api.ts';
import type { ManualTime } from './manual-time.ts';
import { RawSocket } from './raw-socket.ts';
import { waitFor } from './server.ts';

const scene = createScene(3);
let drawn = 0;

/** A new picture of the drawn student, with the camera's own noise; undefined: of the empty room. */
export function personPicture(posture: Partial<Posture> | undefined = {}): Buffer {
  const person = { yaw: 0, pitch: 0, roll: 0, gazeYaw: 0, gazePitch: 0, ...scene.seat, ...posture };
  return drawFrame(scene, { people: [person], frame: ++drawn });
}

export const emptyRoom = (): Buffer => drawFrame(scene, { people: [], frame: ++drawn });
export const coveredLens = (): Buffer => drawFrame(scene, { people: [], covered: true, frame: ++drawn });

/** An exam client that shows requests, and sends frames by a clock that moves with them. */
export class SeatedClient {
  readonly socket: RawSocket;
  readonly #time: ManualTime;
  #seq = 0;

  private constructor(socket: RawSocket, time: ManualTime) {
    this.socket = socket;
    this.#time = time;
  }

  static async connect(
    student: Api,
    session: string,
    time: ManualTime,
    hello: object = { shows: ['challenge', 'room_look'] },
  ): Promise<SeatedClient> {
    const socket = new RawSocket(student.url, await student.examTicket(session));
    await socket.opened();
    socket.send({ type: 'hello', ...hello });
    await socket.next('welcome');
    return new SeatedClient(socket, time);
  }

  /** Sends a frame after `ms`, and waits until it is analysed. */
  async show(jpeg: Uint8Array, ms = 1000): Promise<void> {
    this.#time.advance(ms);
    const seq = ++this.#seq;
    this.socket.sendBytes(encodeFrame({ seq, capturedAt: this.#time.now }, jpeg));
    await this.socket.until(`analysis of frame ${seq}`, () =>
      this.socket.of('analysis').some(({ frame }) => frame === seq),
    );
  }

  /** Sits straight until the calibration is over. */
  async calibrate(): Promise<void> {
    for (let i = 0; i < 5; i++) await this.show(personPicture({ yaw: (i % 3) - 1 }));
  }

  /** The newest request that is not over, once there is one. */
  async request(
    type: 'challenge' | 'room_look',
    count = 1,
  ): Promise<{ id: string; direction: string; seconds: number }> {
    await this.socket.until(type, () => this.socket.of(type).length >= count);
    return this.socket.of(type).at(-1) as never;
  }

  answer(request: string, answer: string, reason?: string): void {
    this.socket.send({ type: 'answer', request, answer, ...(reason !== undefined && { reason }) });
  }

  /** Answers `shown`, and waits until the server asks for more frames. */
  async sees(request: string): Promise<void> {
    this.answer(request, 'shown');
    await this.socket.until('a higher rate', () => this.socket.of('throttle').at(-1)?.['fps'] === 4);
    // The first frame of the higher rate is due an interval later.
    await this.show(personPicture(), 1000);
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.socket.closed();
  }
}

/** Yaw and pitch of a head that turns as asked, as the student sees it: the student's left is the picture's right. */
export const turnedTo = (direction: string, degrees = 35): Partial<Posture> =>
  direction === 'up' ? { pitch: degrees * 0.8 } : { yaw: direction === 'left' ? degrees : -degrees };

/** Events of a session of these types, once there are so many. */
export async function eventsOf(staff: Api, session: string, types: readonly string[], count: number) {
  const read = async () => (await staff.events(session)).filter(({ type }) => types.includes(type));
  await waitFor(`${count} of ${types.join(', ')}`, async () => (await read()).length >= count);
  return read();
}
