import type { SystemPart } from '../../../protocol/http/system.ts';
import { t } from '../messages.ts';

const TONES = { ok: 'low', off: '', starting: '', attention: 'medium', failed: 'high' } as const;

/** State of each part in words, with what to do. */
export function Health({ parts }: { readonly parts: readonly SystemPart[] }) {
  return (
    <section class="card stack" aria-labelledby="health">
      <h2 id="health">{t.system.health}</h2>
      <ul class="plain stack">
        {parts.map((part) => (
          <Part key={part.name} part={part} />
        ))}
      </ul>
    </section>
  );
}

function Part({ part: { name, state, code, reason } }: { readonly part: SystemPart }) {
  const { is, todo } = t.system.words[code];
  return (
    <li class="part">
      <span class="part-name">{t.system.parts[name]}</span>
      <span>
        <span class={`badge ${TONES[state]}`}>{t.system.states[state]}</span>
      </span>
      <div class="stack tight">
        <p>{is}</p>
        {reason && (
          <p class="small muted">
            {code === 'logs_lost' ? t.system.lostLines(Number(reason)) : t.system.reason(reason)}
          </p>
        )}
        {todo && (
          <p class="small">
            <strong>{t.system.todo}</strong> {todo}
          </p>
        )}
      </div>
    </li>
  );
}
