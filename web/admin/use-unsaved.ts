import { useEffect } from 'preact/hooks';
import { t } from './messages.ts';

/** Asks before a link, or the closing of the tab, leaves a form that somebody has typed in and not sent. */
export function useUnsaved(): void {
  useEffect(() => {
    const typed = new Set<HTMLFormElement>();
    const isUnsaved = () => [...typed].some((form) => form.isConnected);
    const onInput = ({ target }: globalThis.Event) => {
      const form = target instanceof Element ? target.closest('form') : null;
      // Forms without a main button are filters, which apply at once.
      if (form?.querySelector('button.primary')) typed.add(form);
    };
    const onSubmit = ({ target }: SubmitEvent) => void typed.delete(target as HTMLFormElement);
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      const isOther = event.ctrlKey || event.metaKey || event.shiftKey || link?.target === '_blank' || link?.download;
      // Of a form itself: Cancel.
      if (!link?.href || isOther || link.closest('form') || !isUnsaved()) return;
      if (confirm(t.leaveUnsaved)) typed.clear();
      else event.preventDefault();
    };
    const onUnload = (event: BeforeUnloadEvent) => {
      if (isUnsaved()) event.preventDefault();
    };
    addEventListener('input', onInput, true);
    addEventListener('submit', onSubmit, true);
    addEventListener('click', onClick, true);
    addEventListener('beforeunload', onUnload);
    return () => {
      removeEventListener('input', onInput, true);
      removeEventListener('submit', onSubmit, true);
      removeEventListener('click', onClick, true);
      removeEventListener('beforeunload', onUnload);
    };
  }, []);
}
