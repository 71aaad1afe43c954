import { expect, test } from 'vitest';
import type { Team } from '../../protocol/team.ts';
import { applyTeams } from './teams.ts';

const team = (session: string, notes: number): Team => ({ session, seen: null, claim: null, notes, viewers: [] });

test('the last message about a session stands, and a snapshot forgets those that it does not name', () => {
  const first = applyTeams(new Map(), [
    { type: 'team', sessions: [team('a', 1), team('b', 1)] },
    { type: 'team', sessions: [team('a', 2)] },
  ]);
  expect([...first.teams.values()].map(({ session, notes }) => [session, notes])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
  expect(first.changed).toEqual(['a', 'b']);
  const second = applyTeams(first.teams, [
    { type: 'snapshot', sessions: [] },
    { type: 'team', sessions: [team('b', 3)] },
  ]);
  expect([...second.teams.keys()]).toEqual(['b']);
  expect(second.changed).toEqual(['a', 'b']);
});

test('messages about anything else leave the map as it is', () => {
  const before = new Map([['a', team('a', 1)]]);
  expect(applyTeams(before, [{ type: 'gap', session: 'a', after: 1 }])).toEqual({ teams: before, changed: [] });
});
