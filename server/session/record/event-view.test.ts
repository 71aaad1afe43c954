import { expect, test } from 'vitest';
import { makeEvent } from '../../../test/support/rows.ts';
import { eventView, undecidedEventView } from './event-view.ts';
import { toItsStudent } from './flag.ts';

test('students are not told what of a gap counts for attention, before and after a verdict is released', () => {
  const details = { by: 'server', countedSeconds: 12.5 };
  const row = makeEvent('0191f0a0-0000-7000-8000-000000000001', {
    type: 'CONNECTION_LOST',
    source: 'connection',
    details,
  });
  expect(eventView(row).details).toEqual(details);
  for (const told of [undecidedEventView(row), toItsStudent(eventView(row))])
    expect(told.details).toEqual({ by: 'server' });
});
