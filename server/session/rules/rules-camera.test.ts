import { describe, expect, test } from 'vitest';
import { AWAY, freshPrint, NOBODY, STRAIGHT } from '../../../simulator/fixtures/detections.ts';
import { RulesRun } from '../../../test/support/rules-run.ts';

const settled = () => new RulesRun().show(STRAIGHT, 10);

describe('FROZEN_VIDEO', () => {
  test('opens when the picture has stood still for its hold, dated from the first of the equal frames (E5)', () => {
    const still = { print: freshPrint() };
    const run = settled().show(still, 10);
    expect(run.told).toEqual([]);
    expect(run.show(still, 1).told).toEqual(['OPEN FROZEN_VIDEO 11..21']);
  });

  test('closes with the first picture that differs', () => {
    expect(settled().show({ print: freshPrint() }, 15).show(STRAIGHT, 1).told).toEqual([
      'OPEN FROZEN_VIDEO 11..21',
      'CLOSE FROZEN_VIDEO 11..26',
    ]);
  });

  test('does not open for less than its hold with as much live video after it', () => {
    const still = { print: freshPrint() };
    const run = settled();
    for (let i = 0; i < 10; i++) run.show(still, 5).show(STRAIGHT, 15);
    expect(run.told).toEqual([]);
  });

  test('is not hidden by a live picture now and then', () => {
    const still = { print: freshPrint() };
    expect(settled().show(still, 8).show(STRAIGHT, 1).show(still, 8).told).toEqual(['OPEN FROZEN_VIDEO 11..23']);
  });

  test('is not opened by the noise of a sensor on a scene that does not move', () => {
    const scene = freshPrint();
    const run = settled();
    for (let second = 0; second < 60; second++) {
      run.show(
        { print: scene.map((value, i) => Math.max(0, Math.min(255, value + ((i * 13 + second * 29) % 3) - 1))) },
        1,
      );
    }
    expect(run.told).toEqual([]);
  });

  test('is opened by frames that differ in almost no pixel', () => {
    const scene = freshPrint();
    const run = settled();
    for (let second = 0; second < 12; second++) {
      const print = Uint8Array.from(scene);
      print[second] = print[second]! ^ 16;
      run.show({ print }, 1);
    }
    expect(run.told).toEqual(['OPEN FROZEN_VIDEO 11..21']);
  });

  test('does not compare the picture before a gap with the one after it (E6)', () => {
    const still = { print: freshPrint() };
    expect(settled().show(still, 6).gap(17).resume(30).show(still, 10).told).toEqual([]);
  });
});

describe('NO_FRAME_RECEIVED', () => {
  test('opens when no frame came for its hold on a live socket, dated from the last one', () => {
    const run = settled().wait(9);
    expect(run.told).toEqual([]);
    expect(run.wait(1).told).toEqual(['OPEN NO_FRAME_RECEIVED 10..20']);
  });

  test('closes with the next frame, before any other condition of it', () => {
    const run = settled().wait(15);
    run.see(STRAIGHT, 27.5);
    expect(run.told).toEqual(['OPEN NO_FRAME_RECEIVED 10..20', 'CLOSE NO_FRAME_RECEIVED 10..27.5']);
  });

  test('opens for a client that never sends a frame, dated from its connection', () => {
    expect(new RulesRun({}, 5).wait(10).told).toEqual(['OPEN NO_FRAME_RECEIVED 5..15']);
  });

  test('closes when the connection is lost, at that time (E6)', () => {
    expect(settled().wait(15).gap().told).toEqual(['OPEN NO_FRAME_RECEIVED 10..20', 'CLOSE NO_FRAME_RECEIVED 10..25']);
  });

  test('counts from the reconnection, not through the gap (E6)', () => {
    const run = settled().gap(11).resume(300).wait(9);
    expect(run.told).toEqual([]);
    expect(run.wait(1).told).toEqual(['OPEN NO_FRAME_RECEIVED 300..310']);
  });
});

describe('a rate that the server itself lowered', () => {
  test('does not make frames that come at that rate missing ones (F7)', () => {
    const run = settled();
    for (let second = 1; second <= 30; second++)
      run.apply({ kind: 'tick', at: run.now * 1000 + 1000, frameIntervalMs: 20_000 });
    expect(run.told).toEqual([]);
    for (let second = 1; second <= 30; second++)
      run.apply({ kind: 'tick', at: run.now * 1000 + 1000, frameIntervalMs: 20_000 });
    expect(run.told).toEqual(['OPEN NO_FRAME_RECEIVED 10..70']);
  });
});

describe('while vision is off', () => {
  test('a frame with a good header ends INVALID_IMAGE', () => {
    const run = settled().invalid().apply({ kind: 'frame', at: 13_000, unseen: true });
    expect(run.told).toEqual(['OPEN INVALID_IMAGE 11..11', 'CLOSE INVALID_IMAGE 11..13']);
  });
});

describe('INVALID_IMAGE', () => {
  test('opens with the first bad frame, closes with the first good one, once for all between (F5)', () => {
    const run = settled().invalid(11).invalid(12).invalid(13).show(STRAIGHT, 1);
    expect(run.told).toEqual(['OPEN INVALID_IMAGE 11..11', 'CLOSE INVALID_IMAGE 11..14']);
  });

  test('is a frame: NO_FRAME_RECEIVED ends with it', () => {
    expect(settled().wait(12).invalid(23).told).toEqual([
      'OPEN NO_FRAME_RECEIVED 10..20',
      'CLOSE NO_FRAME_RECEIVED 10..23',
      'OPEN INVALID_IMAGE 23..23',
    ]);
  });

  test('disturbs no other incident: its time counts for nothing (F5)', () => {
    const run = settled().show(NOBODY, 2).invalid(13).show(NOBODY, 3).show(STRAIGHT, 2);
    expect(run.told.filter((line) => line.includes('NO_FACE'))).toEqual([
      'OPEN NO_FACE 11..15',
      'CLOSE NO_FACE 11..17',
    ]);
  });
});

describe('missing frames', () => {
  test('never open NO_FACE, on a live socket or off it (E6)', () => {
    const run = settled().wait(60).gap().resume(200).wait(60);
    expect(run.told.filter((line) => line.includes('NO_FACE'))).toEqual([]);
  });

  test('do not hold back an incident that frames show before and after them', () => {
    const run = settled().show(AWAY, 1).wait(4).show(AWAY, 1);
    expect(run.told).toEqual(['OPEN LOOKING_AWAY 11..16']);
  });

  test('a gap without an open incident reports nothing', () => {
    expect(settled().gap().gap().resume(30).show(STRAIGHT, 5).changes).toEqual([]);
  });
});

describe('holds of the policy', () => {
  test('decide when incidents open', () => {
    const run = new RulesRun({ holds: { noFace: 6 } }).show(STRAIGHT, 10).show(NOBODY, 7);
    expect(run.told).toEqual(['OPEN NO_FACE 11..17']);
  });

  test('a hold of zero opens with the first frame', () => {
    const run = new RulesRun({ holds: { noFace: 0 } }).show(STRAIGHT, 10).show(NOBODY, 1);
    expect(run.told).toEqual(['OPEN NO_FACE 11..11']);
  });

  test('a hold is full when frames come a little early, and not when one is missing', () => {
    const run = settled();
    for (const at of [11, 12, 12.9, 13.8]) run.see(NOBODY, at);
    expect(run.told).toEqual(['OPEN NO_FACE 11..13.8']);
    const early = settled();
    for (const at of [11, 12, 13]) early.see(NOBODY, at);
    expect(early.told).toEqual([]);
  });

  test('a rate that was lowered to 0.8 frames a second does not make a hold of 3 s wait for 4', () => {
    const run = settled();
    for (const at of [11, 12.25, 13.5]) run.see(NOBODY, at);
    expect(run.told).toEqual(['OPEN NO_FACE 11..13.5']);
  });

  test('two frames far apart do not satisfy a hold: the time between them is unknown', () => {
    const run = settled();
    for (const at of [11, 13]) run.see(NOBODY, at);
    expect(run.told).toEqual([]);
  });
});
