import { Field } from './field.tsx';

/** A password that is being chosen; the server has the last word on it. */
export const NewPasswordField = ({
  label = 'Password',
  name = 'password',
}: {
  readonly label?: string;
  readonly name?: string;
}) => (
  <Field
    label={label}
    hint="At least 8 characters, and none that is guessed first: a few unrelated words make a good one"
    name={name}
    type="password"
    autocomplete="new-password"
    required
    minLength={8}
    maxLength={1024}
  />
);
