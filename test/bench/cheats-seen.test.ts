import { expect, test } from 'vitest';
import { cheatsSeen } from '../../bench/cheats/seen/seen-benchmark.ts';

test('drawn cheats go through the models and rank above a drawn honest sitting; absent photos are named', async () => {
  const said: string[] = [];
  const { figures, text, input } = await cheatsSeen.run(
    { sessions: 1, secs: 30, limit: 2, frames: '/nowhere', fps: undefined, data: undefined },
    (line) => said.push(line),
  );
  const value = (name: string) => figures.find((one) => one.name === name)?.value;
  expect(value('drawn: cheats')).toBe(2);
  expect(value('drawn: never noticed as their kind'), text).toBe(0);
  expect(value('drawn: AUC'), text).toBe(1);
  expect(said).toContain('no photos in /nowhere: skipped');
  expect(input['photos']).toBe('none');
});
