/**
 * Work for a timer. A turn that comes while an earlier one goes on is done once after it: a slow database is not asked
 * more often, and never by all the turns that it missed.
 *
 * @param work never rejects
 */
export function oneAtATime(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const turn = (): void => {
    again = running;
    if (running) return;
    running = true;
    void work().finally(() => {
      running = false;
      if (again) turn();
    });
  };
  return turn;
}
