import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasBrowser, launch } from '../support/browser.ts';
import { writeCamera } from '../support/camera-file.ts';
import { personPicture } from '../support/drawn-person.ts';
import { waitFor } from '../support/server.ts';
import { soundAlarm } from '../support/story/alarm.ts';
import { gather } from '../support/story/cast.ts';
import { flagAndEnd, FLAG_NOTE } from '../support/story/irregularity.ts';
import { cannotSeeOtherRoom, cannotSeeOthers } from '../support/story/limits.ts';
import { readActsOfStaff, readExport } from '../support/story/named-acts.ts';
import {
  answerAndAppeal,
  giveAppeal,
  openRecord,
  releaseVerdict,
  review,
  seesNothing,
} from '../support/story/next-morning.ts';
import { decideAppeal, outlastRetention } from '../support/story/outcome.ts';
import { StorySite } from '../support/story/story-site.ts';
import { askAndAnswer, QUESTION, takeSeat } from '../support/story/talk.ts';
import { divideWork, openWall, seeEverybody, seeOneRoom, shareSeen } from '../support/story/watch.ts';
import { mineOf } from '../support/verdict-site.ts';

const skipped = hasBrowser ? '' : ' (skipped: no Chromium)';
const NIGHT_MS = 15 * 3_600_000;
const NOTE = 'Asked twice to keep the door shut';

test.runIf(hasBrowser)(
  `a team watches forty students in two rooms, from a fire alarm to the outcome of an appeal, and each act has a name${skipped}`,
  { timeout: 900_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'invigil-camera-'));
    const browser = await launch();
    const camera = await launch(writeCamera(folder, [[personPicture()], 5]));
    await using site = await StorySite.start();
    try {
      const cast = await gather(site);
      const { students, crowd } = cast;
      expect(crowd.tally.live).toBe(39);

      // The exam: two proctors, one a room, and the manager.
      const student = await takeSeat(site, camera, cast);
      const mona = await openWall(site, browser, cast.manager, 40);
      const anna = await openWall(site, browser, cast.anna, 20);
      const ben = await openWall(site, browser, cast.ben, 20);
      await seeEverybody(mona.page);
      await seeOneRoom(cast, anna.page, 'A');
      await seeOneRoom(cast, ben.page, 'B');
      await shareSeen(site, cast, anna.page, mona.page);
      await divideWork(cast, anna.page, mona.page, NOTE);
      await askAndAnswer(site, cast, student.page, anna.page);
      await soundAlarm(site, cast, student.page, mona.page, ben.page);
      await flagAndEnd(site, cast, student.page, anna.page);
      const ended = students[25]!;
      const manager = await site.as(cast.manager);
      await manager.post('/api/sessions/commands', {
        do: 'terminate',
        reason: 'Left the room',
        sessions: [ended.session],
      });
      await crowd.finish();
      await waitFor('the end', async () => {
        const running = await site.db.selectFrom('sessions').select('id').where('status', '<>', 'ended').execute();
        return running.length === 0;
      });

      // What each of them was told, and what the database has.
      const inRoom = (room: 'A' | 'B') => students.filter((one) => one.room === room);
      const ofRoomA = [QUESTION, NOTE, FLAG_NOTE, ...inRoom('A').flatMap(({ session, name }) => [session, name])];
      expect(await anna.received.found(ofRoomA)).toHaveLength(ofRoomA.length);
      expect(await ben.received.found(ofRoomA)).toEqual([]);
      expect(await anna.received.found(inRoom('B').map(({ session }) => session))).toEqual([]);
      const ofStaff = [cast.manager, cast.anna, cast.ben].flatMap(({ name, email }) => [name, email]);
      const ofOthers = students.slice(1).map(({ session }) => session);
      expect(await student.received.found([NOTE, FLAG_NOTE, ...ofStaff, ...ofOthers])).toEqual([]);
      await cannotSeeOtherRoom(site, cast, ben.page);
      await cannotSeeOthers(site, cast);
      await readActsOfStaff(site, cast);
      for (const { page } of [student, mona, anna, ben]) await page.context().close();

      // The next morning.
      await site.later(NIGHT_MS);
      await review(site, browser, cast);
      const record = await openRecord(site, browser, cast);
      await seesNothing(site, cast, record);
      await releaseVerdict(site, browser, cast, ended.session);
      await answerAndAppeal(cast, record);
      await giveAppeal(site, browser, cast);
      expect(await mineOf(await site.as(ended), ended.session), 'not released').toEqual([]);
      await record.page.context().close();

      // A week later.
      await outlastRetention(site, cast);
      await decideAppeal(site, browser, cast);
      await readExport(site, cast);
    } finally {
      await camera.close();
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
);
