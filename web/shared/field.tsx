import type { ComponentChildren, InputHTMLAttributes } from 'preact';

type FieldProps = InputHTMLAttributes & { readonly label: string; readonly hint?: string };

/** A labelled input; read it by its name from the form's data. */
export function Field({ label, hint, ...input }: FieldProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input {...input} />
      {hint && <small>{hint}</small>}
    </label>
  );
}

/** Something that went wrong, said where it went wrong. */
export function Problem({ children }: { readonly children: ComponentChildren }) {
  return children ? (
    <p class="note bad" role="alert">
      {children}
    </p>
  ) : null;
}

/** The text fields of a form that was submitted, trimmed but for passwords. */
export function formValues(event: SubmitEvent): Record<string, string> {
  event.preventDefault();
  const values: Record<string, string> = {};
  for (const [name, value] of new FormData(event.currentTarget as HTMLFormElement)) {
    if (typeof value === 'string') values[name] = /password$/i.test(name) ? value : value.trim();
  }
  return values;
}
