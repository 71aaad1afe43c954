/** Reports progress at intervals. */
export function showShare(what: string, total: number, say: (line: string) => void): (done: number) => void {
  let told = performance.now();
  return (done) => {
    const now = performance.now();
    if (now - told < 5000 && done < total) return;
    told = now;
    say(`${what}: ${done} of ${total}`);
  };
}
