import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { detection } from '../../simulator/fixtures/detections.ts';
import {
  type Analyser,
  type FrameSource,
  type Outcome,
  type Picture,
  type QueuedFrame,
  Scheduler,
} from './scheduler.ts';

const DONE: Outcome = { type: 'done', detection: detection(), followed: false };

interface NumberedFrame extends QueuedFrame {
  readonly n: number;
}

/** Room for some frames at a time; each is finished by hand, in any order. */
class Bench implements Analyser {
  isolating = false;
  readonly jobs: { readonly jpeg: Uint8Array; readonly finish: (outcome: Outcome) => void }[] = [];
  room: number;

  constructor(room: number) {
    this.room = room;
  }

  get free(): number {
    return this.isolating ? 0 : this.room - this.jobs.length;
  }

  get idle(): boolean {
    return this.jobs.length === 0;
  }

  analyse({ jpeg }: Picture, isolated = false): Promise<Outcome> {
    if (isolated) expect(this.jobs).toEqual([]);
    this.isolating = isolated;
    return new Promise((resolve) => this.jobs.push({ jpeg, finish: resolve }));
  }

  /** Ends one of the frames that are being looked at; resolves when what follows from that has happened. */
  async finish(index = 0, outcome: Outcome = DONE): Promise<void> {
    const [job] = this.jobs.splice(index, 1);
    this.isolating = false;
    job!.finish(outcome);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A session: the newest frame waits, an older one that still waits is replaced. */
class Source implements FrameSource {
  readonly taken: number[] = [];
  readonly results: { readonly n: number; readonly how: string }[] = [];
  readonly replaced: number[] = [];
  isSuspect = false;
  #slot: NumberedFrame | undefined;
  #n = 0;

  offerTo(scheduler: Scheduler, receivedAt = 0): void {
    if (this.#slot) {
      this.replaced.push(this.#slot.n);
      scheduler.replaced(this);
    }
    this.#slot = { jpeg: new Uint8Array(1), receivedAt, eyes: true, n: ++this.#n };
    scheduler.offer(this);
  }

  get offered(): number {
    return this.#n;
  }

  needsIsolation(): boolean {
    return this.isSuspect && this.#slot !== undefined;
  }

  withdraw(): void {
    this.#slot = undefined;
  }

  takeFrame(): NumberedFrame | undefined {
    const frame = this.#slot;
    this.#slot = undefined;
    if (frame) this.taken.push(frame.n);
    return frame;
  }

  settled(frame: NumberedFrame, outcome: Outcome): void {
    this.results.push({ n: frame.n, how: outcome.type });
  }
}

let bench: Bench;
let waits: number[];
let errors: unknown[];
let replacements: boolean[];
let now: number;
let scheduler: Scheduler;
beforeEach(() => {
  bench = new Bench(2);
  waits = [];
  errors = [];
  replacements = [];
  now = 0;
  scheduler = new Scheduler(bench, {
    now: () => now,
    onWait: (ms) => waits.push(ms),
    onReplaced: (costly) => replacements.push(costly),
    onError: (error) => errors.push(error),
  });
});

test('a session that throws on its own result is reported, and gets its next turn', async () => {
  const source = new Source();
  source.settled = () => {
    throw new Error('a defect');
  };
  source.offerTo(scheduler);
  await bench.finish();
  expect(errors).toMatchObject([{ message: 'a defect' }]);
  source.offerTo(scheduler);
  expect(source.taken.length).toBe(2);
});

describe('turns of sessions', () => {
  test('a session that offers ten times as many frames gets no more of them', async () => {
    const [greedy, a, b, c] = [new Source(), new Source(), new Source(), new Source()];
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < 10; i++) greedy.offerTo(scheduler);
      for (const source of [a, b, c]) source.offerTo(scheduler);
      await bench.finish();
    }
    const counts = [greedy, a, b, c].map((source) => source.results.length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(counts.reduce((sum, n) => sum + n)).toBe(200);
  });

  test('the newest frame is the one that is analysed (F4)', async () => {
    const [first, second, late] = [new Source(), new Source(), new Source()];
    first.offerTo(scheduler);
    second.offerTo(scheduler);
    for (let i = 0; i < 5; i++) late.offerTo(scheduler);
    await bench.finish();
    expect(late.taken).toEqual([5]);
    expect(late.replaced).toEqual([1, 2, 3, 4]);
  });

  test('a session has one frame with the models at a time, so that its results come in order', async () => {
    const source = new Source();
    source.offerTo(scheduler);
    source.offerTo(scheduler);
    expect(bench.jobs).toHaveLength(1);
    expect(bench.free).toBe(1);
    await bench.finish();
    await bench.finish();
    expect(source.results.map(({ n }) => n)).toEqual([1, 2]);
  });

  test('a frame that arrives during an analysis waits behind those of others', async () => {
    bench.room = 1;
    const [a, b] = [new Source(), new Source()];
    a.offerTo(scheduler);
    b.offerTo(scheduler);
    a.offerTo(scheduler);
    await bench.finish();
    expect([a.taken, b.taken]).toEqual([[1], [1]]);
    await bench.finish();
    expect(a.taken).toEqual([1, 2]);
  });

  test('sessions wait while the host has no room, and get their turns when it is ready', () => {
    bench.room = 0;
    const sources = [new Source(), new Source(), new Source()];
    for (const source of sources) source.offerTo(scheduler);
    expect(scheduler.waiting).toBe(3);
    expect(bench.jobs).toHaveLength(0);
    bench.room = 2;
    scheduler.pump();
    expect(sources.map((source) => source.taken)).toEqual([[1], [1], []]);
    expect(scheduler.waiting).toBe(1);
  });

  test('a frame that was withdrawn costs nobody a turn, and its session can come again', () => {
    bench.room = 0;
    const [gone, next] = [new Source(), new Source()];
    gone.offerTo(scheduler);
    next.offerTo(scheduler);
    gone.withdraw();
    bench.room = 2;
    scheduler.pump();
    expect(next.taken).toEqual([1]);
    gone.offerTo(scheduler);
    expect(gone.taken).toEqual([2]);
  });

  test('the wait of each frame is reported, from its arrival', async () => {
    bench.room = 1;
    const [a, b] = [new Source(), new Source()];
    a.offerTo(scheduler, 0);
    now = 100;
    b.offerTo(scheduler, 100);
    now = 350;
    await bench.finish();
    expect(waits).toEqual([0, 250]);
  });
});

describe('turns by cost', () => {
  const costing = (ms: number): Outcome => ({
    type: 'done',
    detection: { ...detection(), ms: { decode: ms, detect: 0, pose: 0 } },
    followed: false,
  });

  test('a replaced frame counts against the load, unless its own cost made it wait', async () => {
    bench.room = 1;
    const [costly, ...others] = Array.from({ length: 5 }, () => new Source());
    for (let round = 0; round < 40; round++) {
      costly!.offerTo(scheduler);
      for (const source of others) source.offerTo(scheduler);
      const isCostly = costly!.taken.length > costly!.results.length;
      await bench.finish(0, costing(isCostly ? 100 : 10));
    }
    scheduler.judge();
    replacements.length = 0;
    for (const source of [costly!, others[0]!]) {
      source.offerTo(scheduler);
      source.offerTo(scheduler);
    }
    expect(replacements).toContain(true);
    expect(replacements.at(-1)).toBe(false);
  });

  test('a session whose frames cost ten times as much gets a tenth of the turns', async () => {
    bench.room = 1;
    const [costly, a, b] = [new Source(), new Source(), new Source()];
    for (let round = 0; round < 400; round++) {
      for (const source of [costly, a, b]) source.offerTo(scheduler);
      await bench.finish(0, costing(costly.taken.length > costly.results.length ? 100 : 10));
    }
    const [x, y, z] = [costly, a, b].map(({ results }) => results.length);
    expect(Math.abs(y! - z!)).toBeLessThanOrEqual(2);
    expect(y! / x!).toBeGreaterThan(8);
  });

  test('a frame that the decoder refuses is charged as well', async () => {
    bench.room = 1;
    const [bad, good] = [new Source(), new Source()];
    for (let round = 0; round < 200; round++) {
      for (const source of [bad, good]) source.offerTo(scheduler);
      const isBad = bad.taken.length > bad.results.length;
      await bench.finish(
        0,
        isBad ? { type: 'failed', failure: { code: 'invalid_image', message: 'no' }, ms: 90 } : costing(10),
      );
    }
    expect(good.results.length / bad.results.length).toBeGreaterThan(6);
  });

  test('sessions of one student share one share', async () => {
    bench.room = 1;
    const mine = [1, 2, 3, 4].map(() => Object.assign(new Source(), { owner: 'student' }));
    const other = new Source();
    for (let round = 0; round < 200; round++) {
      for (const source of [...mine, other]) source.offerTo(scheduler);
      await bench.finish(0, costing(10));
    }
    expect(other.results.length).toBeGreaterThan(90);
    for (const { results } of mine) expect(results.length).toBeGreaterThan(20);
  });
});

describe('a session that may have ended the host', () => {
  test('is analysed alone: it waits until the others are done, and no frame joins it (F9)', async () => {
    bench.room = 3;
    const [a, b, suspect, c] = [new Source(), new Source(), new Source(), new Source()];
    suspect.isSuspect = true;
    for (const source of [a, b, suspect, c]) source.offerTo(scheduler);
    expect([a, b, suspect, c].map(({ taken }) => taken.length)).toEqual([1, 1, 0, 0]);
    await bench.finish();
    expect(suspect.taken).toEqual([]);
    await bench.finish();
    expect([suspect.taken, c.taken]).toEqual([[1], []]);
    await bench.finish();
    expect(c.taken).toEqual([1]);
  });

  test('delays no other while it has no frame', async () => {
    const [a, suspect, b] = [new Source(), new Source(), new Source()];
    suspect.isSuspect = true;
    suspect.offerTo(scheduler);
    await bench.finish();
    a.offerTo(scheduler);
    b.offerTo(scheduler);
    expect([a.taken, b.taken]).toEqual([[1], [1]]);
  });
});

describe('any course of events', () => {
  test('a frame that fails or is lost is reported to its session, which continues', async () => {
    const source = new Source();
    for (const outcome of [
      { type: 'failed', failure: { code: 'invalid_image', message: 'no' } },
      { type: 'lost', suspects: 1 },
      DONE,
    ] as const) {
      source.offerTo(scheduler);
      await bench.finish(0, outcome);
    }
    expect(source.results.map(({ how }) => how)).toEqual(['failed', 'lost', 'done']);
  });

  test('every frame is settled once or was replaced by a newer one, whatever the order of things', async () => {
    const steps = fc.array(
      fc.record({
        do: fc.constantFrom('offer', 'offer', 'offer', 'finish', 'lose', 'suspect', 'stop', 'ready'),
        pick: fc.nat(9),
      }),
      { maxLength: 120 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (course) => {
        bench = new Bench(3);
        scheduler = new Scheduler(bench, { now: () => 0, onWait: () => {}, onReplaced: () => {}, onError: () => {} });
        const sources = Array.from({ length: 5 }, () => new Source());
        for (const { do: act, pick } of course) {
          const source = sources[pick % sources.length]!;
          if (act === 'offer') source.offerTo(scheduler);
          else if (act === 'suspect') source.isSuspect = !source.isSuspect;
          else if (act === 'stop') bench.room = 0;
          else if (act === 'ready') {
            bench.room = 3;
            scheduler.pump();
          } else if (bench.jobs.length > 0) {
            await bench.finish(pick % bench.jobs.length, act === 'lose' ? { type: 'lost', suspects: 0 } : DONE);
          }
        }
        bench.room = 3;
        scheduler.pump();
        while (bench.jobs.length > 0) await bench.finish();
        expect(scheduler.waiting).toBe(0);
        for (const source of sources) {
          const settled = source.results.map(({ n }) => n);
          expect(settled).toEqual(settled.toSorted((a, b) => a - b));
          expect([...settled, ...source.replaced].sort((a, b) => a - b)).toEqual(
            Array.from({ length: source.offered }, (_, i) => i + 1),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the order of turns holds after thousands of turns', async () => {
    bench.room = 1;
    const sources = Array.from({ length: 50 }, () => new Source());
    for (const source of sources) source.offerTo(scheduler);
    for (let turn = 0; turn < 3000; turn++) {
      await bench.finish();
      sources[turn % 50]!.offerTo(scheduler);
    }
    for (const source of sources) expect(source.results).toHaveLength(60);
  });
});

describe('a picture of no session', () => {
  const jpeg = Uint8Array.of(7);

  test('is analysed only while no frame waits and a thread has room for one more', async () => {
    const looked = scheduler.tryAnalyse(jpeg);
    expect(bench.jobs.map((job) => job.jpeg)).toEqual([jpeg]);
    await bench.finish();
    expect(await looked).toBe(DONE);
  });

  test('is refused when such pictures have used a quarter of a worker, until time has passed', async () => {
    const costly: Outcome = {
      type: 'done',
      detection: { ...detection(), ms: { decode: 600, detect: 0, pose: 0 } },
      followed: false,
    };
    for (let i = 0; i < 2; i++) {
      const looked = scheduler.tryAnalyse(jpeg);
      await bench.finish(0, costly);
      expect(await looked).toBe(costly);
    }
    expect(await scheduler.tryAnalyse(jpeg)).toBeUndefined();
    now += 2000;
    const looked = scheduler.tryAnalyse(jpeg);
    await bench.finish();
    expect(await looked).toBe(DONE);
  });

  test('is not when it would take the last place', async () => {
    new Source().offerTo(scheduler);
    expect(await scheduler.tryAnalyse(jpeg)).toBeUndefined();
    expect(bench.jobs.length).toBe(1);
  });

  test('is not while others wait; those that came meanwhile are looked at when it is done', async () => {
    const looked = scheduler.tryAnalyse(jpeg);
    const [first, second] = [new Source(), new Source()];
    first.offerTo(scheduler);
    second.offerTo(scheduler);
    expect([first.taken, second.taken]).toEqual([[1], []]);
    expect(await scheduler.tryAnalyse(jpeg)).toBeUndefined();
    await bench.finish();
    expect(second.taken).toEqual([1]);
    expect(await looked).toBe(DONE);
  });
});
