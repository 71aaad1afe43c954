import type { ComponentChildren, InputHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';
import { sentence } from './messages/sentence.ts';

type FieldProps = InputHTMLAttributes & { readonly label: string; readonly hint?: string };

/** A labelled input; `formValues` reads it by its name. */
export function Field({ label, hint, ...input }: FieldProps) {
  return (
    <Labelled label={label} hint={hint}>
      {(names) => <input {...input} {...names} />}
    </Labelled>
  );
}

/** Attributes that tie a control to its label and its hint. */
interface Names {
  readonly 'aria-labelledby'?: string;
  readonly 'aria-describedby'?: string;
}

interface LabelledProps {
  readonly label: string;
  readonly hint: string | undefined;
  readonly children: (names: Names) => ComponentChildren;
}

/** A control with a label and a hint. The hint is the control's description: as part of its name, it would be read first. */
export function Labelled({ label, hint, children }: LabelledProps) {
  const id = useId();
  const names = hint ? { 'aria-labelledby': `${id}-label`, 'aria-describedby': `${id}-hint` } : {};
  return (
    <label class="field">
      <span id={`${id}-label`}>{label}</span>
      {children(names)}
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </label>
  );
}

/** An error message, shown beside the control that it concerns. */
export function Problem({ children }: { readonly children: string | undefined }) {
  return children ? (
    <p class="note bad" role="alert">
      {sentence(children)}
    </p>
  ) : null;
}

/** Text fields of a submitted form, trimmed except passwords. */
export function formValues(event: SubmitEvent): Record<string, string> {
  event.preventDefault();
  const values: Record<string, string> = {};
  for (const [name, value] of new FormData(event.currentTarget as HTMLFormElement)) {
    if (typeof value === 'string') values[name] = /password$/i.test(name) ? value : value.trim();
  }
  return values;
}
