import { expect, test } from 'vitest';
import { rules } from '../../bench/rules.ts';

test('the rules keep less than 2 KiB a session more than those that judge single frames, and say what they cost', async () => {
  const { figures, text } = await rules.run(
    {
      sessions: 60,
      rounds: 1,
      secs: undefined,
      frames: undefined,
      fps: undefined,
      data: undefined,
      limit: undefined,
    },
    () => {},
  );
  const value = (name: string) => figures.find((one) => one.name === name)?.value;
  expect(value('memory, more than before'), text).toBeLessThan(value('memory budget')!);
  expect(value('memory, before')).toBeGreaterThan(200);
  expect(value('rules and digest, more than before')).toBeGreaterThan(0);
});
