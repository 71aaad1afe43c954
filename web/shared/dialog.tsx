import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { returnFocus } from './keep-focus.ts';

interface DialogProps {
  readonly title: string;
  /** Hides the page below. */
  readonly opaque?: boolean;
  /** Id of the control that opens it, which gets the focus if a key opened it while nothing had the focus. */
  readonly opener?: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A modal dialog: it traps the focus, closes on Escape, and then returns the focus. */
export function Dialog({ title, opaque = false, opener, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // A layout effect: keys typed right after the one that opened the dialog must reach it.
  useLayoutEffect(() => {
    const before = focused() ?? (opener === undefined ? null : document.getElementById(opener));
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
      if (before?.isConnected) returnFocus(before);
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={opaque ? 'card dialog opaque' : 'card dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div class="stack">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

const focused = (): HTMLElement | null =>
  document.activeElement instanceof HTMLElement && document.activeElement !== document.body
    ? document.activeElement
    : null;
