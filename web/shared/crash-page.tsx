import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';
import { messageOf } from './api-error.ts';
import { common } from './messages/common.ts';

/** Shows an error of the page itself, instead of nothing, with a way to go on. */
export function CrashPage({ children }: { readonly children: ComponentChildren }) {
  const [error] = useErrorBoundary((fault: unknown) => reportError(fault));
  if (error === undefined) return <>{children}</>;
  return (
    <main>
      <div class="card stack narrow" role="alert">
        <h1>{common.crashed}</h1>
        <p>{common.crashedAdvice}</p>
        <p class="muted small">{messageOf(error)}</p>
        <div>
          <button class="primary" onClick={() => location.reload()}>
            {common.reload}
          </button>
        </div>
      </div>
    </main>
  );
}
