import type { ComponentChildren } from 'preact';
import type { User } from '../../protocol/http/accounts.ts';
import { useEffect } from 'preact/hooks';
import icon from './icon.svg';
import { common } from './messages/common.ts';
import { at } from './base-path.ts';

interface TopBarProps {
  /** Name of the page, also in the browser's tab. */
  readonly title: string;
  readonly user?: User | undefined;
  readonly onSignOut?: () => void;
  /** Guide to this page. */
  readonly guide?: 'administrators' | 'proctors' | 'reviewers' | 'students';
  readonly children?: ComponentChildren;
}

export function TopBar({ title, user, onSignOut, guide, children }: TopBarProps) {
  useEffect(() => void (document.title = common.pageTitle(title)), [title]);
  return (
    <header class="top">
      <a class="brand" href={at('/')}>
        <img src={icon} alt="" />
        Invigil
      </a>
      <span class="muted">{title}</span>
      <span class="grow" />
      {children}
      {guide && (
        <a class="small" href={at(`/guides/${guide}`)} target="_blank" rel="noopener">
          {common.help}
        </a>
      )}
      {user && (
        <>
          <a class="small" href={at('/account')} title={common.yourAccount}>
            {user.name || user.email}
          </a>
          <button class="small" onClick={onSignOut}>
            {common.logOut}
          </button>
        </>
      )}
    </header>
  );
}
