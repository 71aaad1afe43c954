import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const EVERY_MS = 10_000;

type State = 'asking' | 'up' | 'down';
type Facts = Record<string, unknown>;

/** What `/health` says, asked again every 10 s. */
export function Health() {
  const [state, setState] = useState<State>('asking');
  const [facts, setFacts] = useState<Facts>({});
  useEffect(() => {
    const ask = async () => {
      try {
        const response = await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(5000) });
        setFacts((await response.json()) as Facts);
        setState(response.ok ? 'up' : 'down');
      } catch {
        setState('down');
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const plain = Object.entries(facts).filter(([, value]) => typeof value !== 'object' || Array.isArray(value));
  return (
    <section class="card stack">
      <h2>State of the server</h2>
      <p role="status">
        {state === 'asking' && <span class="badge">Asking …</span>}
        {state === 'up' && <span class="badge low">Up</span>}
        {state === 'down' && <span class="badge high">Does not answer</span>}
      </p>
      {state === 'up' && plain.length > 0 && (
        <dl class="facts small">
          {plain.map(([name, value]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{Array.isArray(value) ? value.join(', ') : String(value)}</dd>
            </Fragment>
          ))}
        </dl>
      )}
    </section>
  );
}
