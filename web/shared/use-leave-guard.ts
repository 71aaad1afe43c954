import { useEffect } from 'preact/hooks';

/** While active, asks before a link or the browser leaves the page, which loses what it shows. */
export function useLeaveGuard(active: boolean, question: string): void {
  useEffect(() => {
    if (!active) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    const ask = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
      // Another tab, or a new one: this one stays.
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.getAttribute('target') === '_blank') return;
      if (!confirm(question)) event.preventDefault();
    };
    addEventListener('beforeunload', stay);
    document.addEventListener('click', ask, { capture: true });
    return () => {
      removeEventListener('beforeunload', stay);
      document.removeEventListener('click', ask, { capture: true });
    };
  }, [active, question]);
}
