import { ATTACKS } from './attacks/all.ts';
import type { AttackPlan } from './plan.ts';
import { Traffic } from './traffic.ts';

/**
 * A separate process, so that an attacker's work does not affect the measurement. Receives its task by message and
 * responds when done.
 */

process.once('message', ({ attack, plan }: { attack: string; plan: AttackPlan }) => {
  const traffic = new Traffic(plan.url, plan.secs);
  // Ends the process even if an attack hangs.
  setTimeout(() => process.exit(2), plan.secs * 1000 + 60_000).unref();
  void ATTACKS[attack]!(plan, traffic).then(
    () => process.send!({ answers: traffic.answers }, () => process.exit(0)),
    (error: unknown) => process.send!({ failed: String(error), answers: traffic.answers }, () => process.exit(1)),
  );
});
process.once('disconnect', () => process.exit(0));
process.send!('ready');
