import { ATTACKS } from './attacks/all.ts';
import type { AttackPlan } from './plan.ts';
import { Traffic } from './traffic.ts';

/**
 * A process of its own, so that an attacker's work is in nobody's measurement. Told by a message what to do, it answers
 * when that is done.
 */

process.once('message', ({ attack, plan }: { attack: string; plan: AttackPlan }) => {
  const traffic = new Traffic(plan.url, plan.secs);
  // Whatever hangs: it ends.
  setTimeout(() => process.exit(2), plan.secs * 1000 + 60_000).unref();
  void ATTACKS[attack]!(plan, traffic).then(
    () => process.send!({ answers: traffic.answers }, () => process.exit(0)),
    (error: unknown) => process.send!({ failed: String(error), answers: traffic.answers }, () => process.exit(1)),
  );
});
process.once('disconnect', () => process.exit(0));
process.send!('ready');
