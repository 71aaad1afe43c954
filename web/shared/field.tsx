import type { InputHTMLAttributes } from 'preact';
import { sentence } from './messages/sentence.ts';

type FieldProps = InputHTMLAttributes & { readonly label: string; readonly hint?: string };

/** A labelled input; `formValues` reads it by its name. */
export function Field({ label, hint, ...input }: FieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input {...input} />
      {hint && <small>{hint}</small>}
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
