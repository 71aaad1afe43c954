import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from './messages.ts';
import { at } from '../shared/base-path.ts';

const EVERY_MS = 10_000;
/** `database` replaces it. */
const DEPRECATED = new Set(['store']);

type State = 'checking' | 'up' | 'down';
type Facts = Record<string, unknown>;

/** Component status from `/health`, polled every 10 s. */
export function Health() {
  const [state, setState] = useState<State>('checking');
  const [facts, setFacts] = useState<Facts>({});
  useEffect(() => {
    const check = async () => {
      try {
        const response = await fetch(at('/health'), { cache: 'no-store', signal: AbortSignal.timeout(5000) });
        setFacts((await response.json()) as Facts);
        setState(response.ok ? 'up' : 'down');
      } catch {
        setState('down');
      }
    };
    void check();
    const timer = setInterval(() => void check(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const plain = Object.entries(facts).filter(
    ([name, value]) => !DEPRECATED.has(name) && (typeof value !== 'object' || Array.isArray(value)),
  );
  return (
    <section class="card stack">
      <h2>{t.status}</h2>
      <p role="status">
        {state === 'checking' && <span class="badge">{t.checking}</span>}
        {state === 'up' && <span class="badge low">{t.up}</span>}
        {state === 'down' && <span class="badge high">{t.down}</span>}
      </p>
      {state === 'up' && plain.length > 0 && (
        <dl class="facts small">
          {plain.map(([name, value]) => (
            <Fragment key={name}>
              <dt>{t.facts[name] ?? name}</dt>
              <dd>{valueText(name, value)}</dd>
            </Fragment>
          ))}
        </dl>
      )}
    </section>
  );
}

function valueText(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  return (name === 'durability' && t.durability[String(value)]) || String(value);
}
