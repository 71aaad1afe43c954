import { describe, expect, test } from 'vitest';
import type { WatchedFrame } from '../../protocol/frame.ts';
import type { SessionUpdate } from './feed.ts';
import { LocalFeed } from './local.ts';

const update = (id: string, examId: string, state = true) =>
  ({ view: { id, examId }, changes: [], state }) as unknown as SessionUpdate;
const frame = (session: string, seq = 1): WatchedFrame => ({ session, seq, capturedAt: 0, jpeg: new Uint8Array(1) });
const ANALYSIS = { frame: 1, faces: 1, pose: null, gaze: null };

/** Subscribes and keeps what comes, as `session@exam`. */
function listen(feed: LocalFeed, scope: Parameters<LocalFeed['subscribe']>[0]): { seen: string[]; stop: () => void } {
  const seen: string[] = [];
  return { seen, stop: feed.subscribe(scope, ({ view }) => seen.push(`${view.id}@${view.examId}`)) };
}

function watch(feed: LocalFeed, session: string): { seen: string[]; stop: () => void } {
  const seen: string[] = [];
  const watcher = {
    frame: ({ seq }: WatchedFrame) => seen.push(`frame ${seq}`),
    analysis: (of: string) => seen.push(`analysis ${of}`),
  };
  return { seen, stop: feed.watch(session, watcher) };
}

describe('updates of sessions', () => {
  test('go to those who asked for the session, its exam, or all', () => {
    const feed = new LocalFeed();
    const [all, exam, session] = [listen(feed, {}), listen(feed, { exam: 'A' }), listen(feed, { session: '1' })];
    for (const [id, examId] of [
      ['1', 'A'],
      ['2', 'A'],
      ['3', 'B'],
    ] as const)
      feed.publish(update(id, examId));
    expect(all.seen).toEqual(['1@A', '2@A', '3@B']);
    expect(exam.seen).toEqual(['1@A', '2@A']);
    expect(session.seen).toEqual(['1@A']);
  });

  test('go to every one of many listeners once, in order', () => {
    const feed = new LocalFeed();
    const listeners = [listen(feed, { exam: 'A' }), listen(feed, { exam: 'A' }), listen(feed, { exam: 'A' })];
    for (let i = 0; i < 5; i++) feed.publish(update(String(i), 'A'));
    for (const { seen } of listeners) expect(seen).toEqual(['0@A', '1@A', '2@A', '3@A', '4@A']);
  });

  test('begin with the subscription and end with it; ending twice harms nobody', () => {
    const feed = new LocalFeed();
    feed.publish(update('0', 'A'));
    const first = listen(feed, { exam: 'A' });
    feed.publish(update('1', 'A'));
    first.stop();
    const second = listen(feed, { exam: 'A' });
    first.stop();
    feed.publish(update('2', 'A'));
    expect(first.seen).toEqual(['1@A']);
    expect(second.seen).toEqual(['2@A']);
  });

  test('reach the others when one listener ends its subscription in the middle', () => {
    const feed = new LocalFeed();
    const stop = feed.subscribe({}, () => stop());
    const other = listen(feed, {});
    feed.publish(update('1', 'A'));
    feed.publish(update('2', 'A'));
    expect(other.seen).toEqual(['1@A', '2@A']);
  });

  test('an exam and a session of the same id are not mixed up', () => {
    const feed = new LocalFeed();
    const exam = listen(feed, { exam: 'X' });
    feed.publish(update('X', 'A'));
    expect(exam.seen).toEqual([]);
  });
});

describe('frames (P3)', () => {
  test('go to those who watch the session, and to nobody else', () => {
    const feed = new LocalFeed();
    const [one, also, other] = [watch(feed, '1'), watch(feed, '1'), watch(feed, '2')];
    feed.publishFrame(frame('1', 7));
    feed.publishAnalysis('1', ANALYSIS);
    expect(one.seen).toEqual(['frame 7', 'analysis 1']);
    expect(also.seen).toEqual(['frame 7', 'analysis 1']);
    expect(other.seen).toEqual([]);
  });

  test('a session is watched from the first watcher to the last', () => {
    const feed = new LocalFeed();
    expect(feed.isWatched('1')).toBe(false);
    const [one, two] = [watch(feed, '1'), watch(feed, '1')];
    expect(feed.isWatched('1')).toBe(true);
    one.stop();
    expect(feed.isWatched('1')).toBe(true);
    two.stop();
    expect(feed.isWatched('1')).toBe(false);
    expect(() => feed.publishFrame(frame('1'))).not.toThrow();
  });
});
