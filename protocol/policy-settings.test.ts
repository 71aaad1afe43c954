import { describe, expect, test } from 'vitest';
import { Policy } from './policy.ts';
import { policySettings } from './policy-settings.ts';

const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);

/** A policy with one setting. */
const only = (path: string, value: unknown): unknown =>
  path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);

/** Paths of all leaves of a policy; weights are one setting. */
const leaves = (value: unknown, path = ''): string[] =>
  !['weights', 'attention.weights', 'attention.perMinute'].includes(path) && typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => leaves(inner, path === '' ? name : `${path}.${name}`))
    : [path];

describe('settings of a policy', () => {
  const settings = policySettings();

  test('are all that a policy has, with the default that it gets', () => {
    const policy = Policy.parse({});
    const paths = settings.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    // Without a default of its own, so that the parsed policy does not have it.
    expect(paths.toSorted()).toEqual([...leaves(policy), 'evidence.retentionDays'].toSorted());
    for (const { path, default: value } of settings) expect(value, path).toEqual(at(policy, path) ?? null);
  });

  test.each(settings.map((setting) => [setting.path, setting] as const))('%s has a title and its effect', (_, one) => {
    expect(one.title).toMatch(/^[A-Z].{2,60}$/);
    expect(one.description).toMatch(/^[A-Z].{20,200}\.$/);
  });

  test.each(
    settings
      .filter(({ minimum, maximum, type }) => type !== 'weights' && minimum !== null && maximum !== null)
      .map((setting) => [setting.path, setting] as const),
  )('%s is accepted at both ends of its range, and refused beyond', (path, { minimum, maximum }) => {
    // Pictures cannot be kept for longer than sessions.
    const sessions = path === 'evidence.retentionDays' ? { retentionDays: 3650 } : {};
    const accepts = (value: number) => Policy.safeParse({ ...sessions, ...(only(path, value) as object) }).success;
    expect([accepts(minimum!), accepts(maximum!), accepts(minimum! - 1), accepts(maximum! + 1)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('of weights have the range of one weight and the types with a default', () => {
    const weights = settings.find(({ path }) => path === 'weights');
    expect(weights).toMatchObject({ type: 'weights', minimum: 0, maximum: 100 });
    expect(weights?.values).toContain('MULTIPLE_FACES');
  });

  test('of a choice have its values', () => {
    expect(settings.find(({ path }) => path === 'studentView')).toMatchObject({
      type: 'choice',
      values: ['events', 'score', 'none'],
    });
  });
});
