import { Field } from './field.tsx';
import { loginText } from './messages/login.ts';

/** Field for a new password; the server checks its strength. */
export const NewPasswordField = ({
  label = loginText.password,
  name = 'password',
}: {
  readonly label?: string;
  readonly name?: string;
}) => (
  <Field
    label={label}
    hint={loginText.passwordHint}
    name={name}
    type="password"
    autocomplete="new-password"
    required
    minLength={8}
    maxLength={1024}
  />
);
