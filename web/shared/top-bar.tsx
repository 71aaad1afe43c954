import type { ComponentChildren } from 'preact';
import type { User } from '../../protocol/http/accounts.ts';
import icon from './icon.svg';

interface TopBarProps {
  readonly title: string;
  readonly user?: User | undefined;
  readonly onSignOut?: () => void;
  readonly children?: ComponentChildren;
}

export function TopBar({ title, user, onSignOut, children }: TopBarProps) {
  return (
    <header class="top">
      <a class="brand" href="/">
        <img src={icon} alt="" />
        Invigil
      </a>
      <span class="muted">{title}</span>
      <span class="grow" />
      {children}
      {user && (
        <>
          <a class="small" href="/account" title="Your account">
            {user.name || user.email}
          </a>
          <button class="small" onClick={onSignOut}>
            Log out
          </button>
        </>
      )}
    </header>
  );
}
