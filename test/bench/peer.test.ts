import { expect, test } from 'vitest';
import { fewFrames } from './few-frames.ts';
import { clipOf } from '../../bench/clips.ts';
import { facesOneEach } from '../../bench/frame-list.ts';
import { ownContender as proctorbeContender } from '../../bench/http/contender.ts';
import { compare, contenderFigures, ratioFigures } from '../../bench/peer/compare.ts';
import type { FrameContender } from '../../bench/peer/contender.ts';
import { ownContender } from '../../bench/peer/own.ts';
import { postedContender } from '../../bench/peer/posted.ts';

const folder = fewFrames();

test('peer benchmark: socket frames and posted frames are counted alike, in alternating runs', async () => {
  const { jpegs } = await facesOneEach(folder, () => {});
  const clips = [clipOf(jpegs[0]!, 1)];
  const contenders: FrameContender[] = [];
  try {
    // This server has ProctorBE's API as well, so it stands in for the peer.
    contenders.push(await postedContender(await proctorbeContender(undefined, () => {}), 2, clips));
    contenders.push(await ownContender({ name: 'sockets', databaseUrl: undefined, env: {} }, 2, clips, () => {}));
    const posted = contenders[0]!.name;
    const errors: string[] = [];
    const samples = await compare(contenders, { secs: 1, rounds: 1, students: [2] }, () => {}, errors);
    // Posted frames are limited to the rate of the exam's policy.
    expect(errors.filter((error) => !/^invigil, PGlite, 2 students: \d+ x 429$/.test(error))).toEqual([]);
    const figures = contenderFigures(samples);
    for (const name of [posted, 'sockets']) {
      for (const what of ['analysed', 'p50', 'p99', 'processor time, server', 'processor time, load generator']) {
        expect(
          figures.find((figure) => figure.name === `${name}, 2 students: ${what}`)?.value,
          `${name}: ${what}`,
        ).toBeGreaterThan(0);
      }
    }
    const [ratio] = ratioFigures(samples, posted);
    expect(ratio?.name).toBe(`sockets, 2 students: analysed, beside the ${posted}`);
    expect(ratio?.value).toBeGreaterThan(0);
  } finally {
    for (const contender of contenders.toReversed()) await contender.stop();
  }
});
