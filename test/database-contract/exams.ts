import { expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { findPolicy, insertPolicy, listPolicies } from '../../db/exam-policies.ts';
import { findExam } from '../../db/exams.ts';
import type { Db } from '../../db/executor.ts';
import { Policy } from '../../protocol/policy.ts';
import { makeExam, makeUser, T0 } from '../support/rows.ts';

export function exams(database: () => Db): void {
  test('a new exam is open to all, and has the first version of its policy', async () => {
    const id = await makeExam(database());
    const exam = await findExam(database(), id);
    expect(exam).toMatchObject({ open_to: 'all', policy_version: 1 });
    expect(await findPolicy(database(), id, 1)).toEqual(Policy.parse({}));
    expect(await listPolicies(database(), id, { before: undefined, limit: 10 })).toEqual([
      { exam_id: id, version: 1, policy: Policy.parse({}), created_by: exam!.created_by, created_at: new Date(T0) },
    ]);
  });

  test('versions of a policy are kept, listed newest first, and not written twice', async () => {
    const id = await makeExam(database());
    const { id: created_by } = await makeUser(database(), 'admin');
    const add = (version: number) => insertPolicy(database(), { exam_id: id, version, policy: Policy.parse({ unknownWeight: version }), created_by, created_at: new Date(T0) });
    await add(2);
    await add(3);
    await expect(add(3)).rejects.toMatchObject({ code: '23505' });
    expect((await findPolicy(database(), id, 2))?.unknownWeight).toBe(2);
    expect(await findPolicy(database(), id, 4)).toBeUndefined();
    expect(await findPolicy(database(), uuidv7(), 1)).toBeUndefined();
    const versions = async (before: number | undefined, limit: number) => (await listPolicies(database(), id, { before, limit })).map((row) => row.version);
    expect(await versions(undefined, 2)).toEqual([3, 2]);
    expect(await versions(2, 2)).toEqual([1]);
  });
}
