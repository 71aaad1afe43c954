import { personLook } from './look.ts';
import { buildPerson, type Person } from './person.ts';
import { between, mixSeed, seeded } from './prng.ts';
import { drawRoom, type Room } from './room.ts';

export const FRAME_WIDTH = 640;
export const FRAME_HEIGHT = 480;

/** A room, the student in it, and a guest who can appear. The same seed gives the same pictures. */
export interface Scene {
  readonly seed: number;
  readonly room: Room;
  /** The student first. Built when first drawn: building a person takes longer than a frame. */
  readonly person: (index: number) => Person;
  /** The student's position: pixels, as in `Posture`. */
  readonly seat: { readonly x: number; readonly y: number; readonly size: number };
  /** The guest's position: behind, to one side. */
  readonly guestSeat: { readonly x: number; readonly y: number; readonly size: number };
  /** Standard deviation of the camera's noise, 0..255. */
  readonly noise: number;
}

export function createScene(seed: number): Scene {
  const random = seeded(mixSeed(seed, 0x5ce2e));
  const people = new Map<number, Person>();
  const size = between(random, 215, 255);
  const guestRight = random() < 0.5;
  const seat = { x: 320 + between(random, -25, 25) + (guestRight ? -40 : 40), y: between(random, 200, 225), size };
  const guestSize = size * between(random, 0.7, 0.8);
  return {
    seed,
    room: drawRoom(seed, FRAME_WIDTH, FRAME_HEIGHT, seat.x),
    person(index) {
      let person = people.get(index);
      if (person === undefined) {
        person = buildPerson(personLook(seeded(mixSeed(seed, 0x9e0, index))));
        people.set(index, person);
      }
      return person;
    },
    seat,
    guestSeat: {
      x: seat.x + (guestRight ? 1 : -1) * between(random, 195, 225),
      y: seat.y - between(random, 10, 40),
      size: guestSize,
    },
    noise: between(random, 3.2, 4.6),
  };
}
