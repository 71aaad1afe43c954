import { expect, test } from 'vitest';
import { type AnalysisMinuteRow, listAnalysisMinutes, saveAnalysisMinutes } from '../../../db/analysis-minutes.ts';
import { deleteSessions } from '../../../db/delete-sessions.ts';
import type { Db } from '../../../db/executor.ts';
import { makeMinute, makeSession, T0 } from '../../support/rows.ts';

const at = (n: number) => new Date(T0 + n * 60_000);

export function analysis(database: () => Db): void {
  const list = (session: string, limit = 200, after?: Date) =>
    listAnalysisMinutes(database(), { session, limit, after });
  const full: Partial<AnalysisMinuteRow> = {
    received: 120,
    analysed: 60,
    dropped: { not_due: 55, over_rate: 5 },
    faces_none: 1,
    faces_one: 57,
    faces_more: 2,
    pose_frames: 58,
    yaw_sum: 1 / 3,
    yaw_squares: 2 / 3,
    pitch_sum: -1e-9,
    pitch_squares: 1e9,
    gaze_frames: 20,
    gaze_yaw_sum: -4.5,
    gaze_yaw_squares: 5.25,
    gaze_pitch_sum: 6,
    gaze_pitch_squares: 7,
    models: ['face@1.0', 'gaze@2.0'],
  };

  test('a minute reads back as it was written', async () => {
    const { id } = await makeSession(database());
    const row = makeMinute(id, full);
    await saveAnalysisMinutes(database(), [row]);
    expect(await list(id)).toEqual([row]);
  });

  test('writing a minute again updates its values, and equal values change nothing', async () => {
    const { id } = await makeSession(database());
    const row = makeMinute(id, full);
    for (const received of [1, 130, 130])
      await saveAnalysisMinutes(database(), [
        makeMinute(id, { received: received - 1, minute: at(1) }),
        { ...row, received },
      ]);
    expect(await list(id)).toEqual([{ ...row, received: 130 }, makeMinute(id, { received: 129, minute: at(1) })]);
  });

  test('each owner has its own row of a minute, and pages are in the order of minutes', async () => {
    const [{ id }, other] = [await makeSession(database()), await makeSession(database())];
    const rows = [
      makeMinute(id, { minute: at(2) }),
      makeMinute(id, { minute: at(0), owner_epoch: 2 }),
      makeMinute(id, { minute: at(0) }),
      makeMinute(id, { minute: at(1), owner_epoch: 2 }),
    ];
    await saveAnalysisMinutes(database(), [...rows, makeMinute(other.id)]);
    const shown = (found: readonly AnalysisMinuteRow[]) =>
      found.map((row) => [(row.minute.getTime() - T0) / 60_000, row.owner_epoch]);
    expect(shown(await list(id))).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
      [2, 1],
    ]);
    expect(shown(await list(id, 2))).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    expect(shown(await list(id, 2, at(1)))).toEqual([[2, 1]]);
  });

  test('minutes are deleted with their session', async () => {
    const { id } = await makeSession(database());
    await saveAnalysisMinutes(database(), [makeMinute(id)]);
    await database()
      .transaction()
      .execute((tx) => deleteSessions(tx, [id]));
    expect(await list(id)).toEqual([]);
  });
}
