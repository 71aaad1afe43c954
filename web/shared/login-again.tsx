import { useEffect, useState } from 'preact/hooks';
import type { User } from '../../protocol/http/accounts.ts';
import type { Api } from './api.ts';
import { Dialog } from './dialog.tsx';
import { Login } from './login.tsx';
import { loginText } from './messages/login.ts';

interface Asked {
  readonly user: User;
  readonly settle: (again: boolean) => void;
}

/** Asks for a login over the page, which stays as it is, when the server has ended the one before. */
export function LoginAgain({ api }: { readonly api: Api }) {
  const [asked, setAsked] = useState<Asked>();
  useEffect(
    () =>
      api.onExpired(
        (user) =>
          new Promise<boolean>((resolve) => {
            setAsked({
              user,
              settle: (again) => {
                setAsked(undefined);
                resolve(again);
              },
            });
          }),
      ),
    [api],
  );
  if (!asked) return null;
  return (
    <Dialog title={loginText.again} opaque onClose={() => asked.settle(false)}>
      <p>{loginText.againWhy}</p>
      <Login api={api} title={loginText.logIn} email={asked.user.email} onDone={() => asked.settle(true)} />
      <p>
        <button type="button" onClick={() => asked.settle(false)}>
          {loginText.againNot}
        </button>
      </p>
    </Dialog>
  );
}
