import { sql } from 'kysely';
import type { Policy } from '../protocol/policy.ts';
import type { Executor } from './executor.ts';
import type { AttentionState } from './schema/attention-state.ts';
import { among, matching, type SessionFilter } from './session-filter.ts';

/** A running session with what its present attention follows from. */
export interface RunningAttention {
  readonly id: string;
  readonly reviewedScore: number;
  /** Null: nothing has happened. */
  readonly parts: AttentionState['parts'] | null;
  readonly policy: Policy;
}

/** Sessions per statement. */
const AT_ONCE = 1000;

/**
 * Running sessions of a filter, its attention aside, some at a time. Most have the policy of their exam as it is: it is read once.
 */
export async function* runningAttention(
  ex: Executor,
  { attention: _attention, minAttention: _minimum, ...filter }: SessionFilter,
): AsyncGenerator<RunningAttention[]> {
  const policies = new Map<string, Policy>();
  for (let after: string | undefined; ;) {
    let query = matching(ex, { ...filter, running: true })
      .select(['sessions.exam_id', 'sessions.policy_version', 'sessions.reviewed_score'])
      .select([
        sql<AttentionState['parts'] | null>`sessions.attention_state -> 'parts'`.as('parts'),
        sql<boolean>`sessions.accommodations IS NOT NULL`.as('own'),
      ])
      .orderBy('sessions.id')
      .limit(AT_ONCE);
    if (after !== undefined) query = query.where('sessions.id', '>', after);
    const rows = (await query.execute()).map(({ exam_id, policy_version, own, ...row }) => ({
      ...row,
      // Accommodations change the session's copy.
      key: own ? row.id : `${exam_id} ${policy_version}`,
    }));
    const unknown = new Map(rows.filter(({ key }) => !policies.has(key)).map(({ key, id }) => [id, key]));
    // One session of each that has the same.
    const firsts = [...new Map([...unknown].map(([id, key]) => [key, id])).values()];
    for (const { id, policy } of await policiesOf(ex, firsts)) policies.set(unknown.get(id)!, policy);
    yield rows.flatMap(({ id, key, parts, reviewed_score: reviewedScore }) => {
      const policy = policies.get(key);
      // Deleted since.
      return policy ? { id, parts, policy, reviewedScore } : [];
    });
    if (rows.length < AT_ONCE) return;
    after = rows.at(-1)!.id;
  }
}

const policiesOf = async (ex: Executor, sessions: readonly string[]): Promise<{ id: string; policy: Policy }[]> =>
  sessions.length === 0
    ? []
    : ex.selectFrom('sessions').select(['id', 'policy']).where(among('sessions.id', sessions)).execute();
