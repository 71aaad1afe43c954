import { beforeEach, describe, expect, test } from 'vitest';
import type { Picture } from '../../evidence/evidence-writer.ts';
import type { Conditions } from '../rules/conditions.ts';
import { IncidentPictures, type SeenFrame } from './incident-pictures.ts';

const NOTHING: Conditions = { covered: undefined, noFace: undefined, multipleFaces: undefined, lookingAway: undefined };
const two = (confidence: number): Conditions => ({ ...NOTHING, multipleFaces: confidence });
const frame = (receivedAt: number): SeenFrame => ({ jpeg: Uint8Array.of(receivedAt), receivedAt });

let kept: Picture[];
let pictures: IncidentPictures;
beforeEach(() => {
  kept = [];
  pictures = new IncidentPictures(
    's',
    { keep: (picture) => void kept.push(picture) },
    { kept: () => Promise.resolve(), missing: () => {} },
  );
});

/** `kind of event: when` */
const summary = () => kept.map(({ kind, event, at }) => `${kind} ${event}: ${at}`);

/** A frame that showed this; with what it opened and closed. */
function show(at: number, seen: Conditions, change?: 'opens' | 'closes', type = 'MULTIPLE_FACES'): void {
  if (change === 'opens') pictures.opened(type, 'e', frame(at));
  if (change === 'closes') pictures.closed(type, frame(at));
  pictures.seen(seen, frame(at));
}

describe('pictures of an incident', () => {
  test('are the frames that opened it, showed it most clearly and ended it', () => {
    show(1, two(0.6), 'opens');
    for (const [at, confidence] of [
      [2, 0.7],
      [3, 0.9],
      [4, 0.8],
      [5, 0.9],
    ] as const)
      show(at, two(confidence));
    show(6, NOTHING);
    expect(summary()).toEqual(['opened e: 1']);
    show(7, NOTHING, 'closes');
    expect(summary()).toEqual(['opened e: 1', 'strongest e: 3', 'closed e: 7']);
    expect(kept.map(({ session, jpeg }) => [session, jpeg])).toEqual([
      ['s', Uint8Array.of(1)],
      ['s', Uint8Array.of(3)],
      ['s', Uint8Array.of(7)],
    ]);
  });

  test('include the opening frame once when none was clearer', () => {
    show(1, two(0.9), 'opens');
    show(2, two(0.9));
    show(3, two(0.5));
    show(4, NOTHING, 'closes');
    expect(summary()).toEqual(['opened e: 1', 'closed e: 4']);
  });

  test('include the clearest frame, and none that closed it, when the connection ended it', () => {
    show(1, two(0.6), 'opens');
    show(2, two(0.8));
    pictures.closed('MULTIPLE_FACES', undefined);
    expect(summary()).toEqual(['opened e: 1', 'strongest e: 2']);
  });

  test('do not depend on the conditions of other incidents', () => {
    show(1, two(0.6), 'opens');
    show(2, { ...NOTHING, lookingAway: 0.99 });
    show(3, NOTHING, 'closes');
    expect(summary()).toEqual(['opened e: 1', 'closed e: 3']);
  });

  test('of frozen video are the opening and closing frames only', () => {
    show(1, { ...NOTHING, lookingAway: 0.9 }, 'opens', 'FROZEN_VIDEO');
    show(2, { ...NOTHING, lookingAway: 0.99 });
    show(3, NOTHING, 'closes', 'FROZEN_VIDEO');
    expect(summary()).toEqual(['opened e: 1', 'closed e: 3']);
  });

  test('are kept apart for two incidents at a time', () => {
    pictures.opened('MULTIPLE_FACES', 'a', frame(1));
    pictures.seen(two(0.5), frame(1));
    pictures.opened('LOOKING_AWAY', 'b', frame(2));
    pictures.seen({ ...NOTHING, multipleFaces: 0.6, lookingAway: 0.7 }, frame(2));
    pictures.seen({ ...NOTHING, multipleFaces: 0.6, lookingAway: 0.8 }, frame(3));
    pictures.closed('LOOKING_AWAY', frame(4));
    pictures.closed('MULTIPLE_FACES', frame(5));
    expect(summary()).toEqual([
      'opened a: 1',
      'opened b: 2',
      'strongest b: 3',
      'closed b: 4',
      'strongest a: 2',
      'closed a: 5',
    ]);
  });
});

describe('no picture is kept', () => {
  test('of a broken picture and of a good one that ends it', () => {
    pictures.opened('INVALID_IMAGE', 'e', undefined);
    show(1, NOTHING, 'closes', 'INVALID_IMAGE');
    expect(kept).toEqual([]);
  });

  test('of frames that did not arrive', () => {
    pictures.opened('NO_FRAME_RECEIVED', 'e', undefined);
    pictures.closed('NO_FRAME_RECEIVED', undefined);
    expect(kept).toEqual([]);
  });

  test('of an incident that an earlier process opened', () => {
    show(1, two(0.9));
    show(2, NOTHING, 'closes');
    expect(kept).toEqual([]);
  });
});
