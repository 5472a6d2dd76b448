/** Who is signed in, and what they own things as. */
import type { ReactElement, ReactNode } from 'react';
import { parseRef, stringifyRef } from '@callboard/model';
import { Avatar } from '@backstage/ui';
import { picture } from '../../api/app-config.ts';
import { useSession } from '../../api/services.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { LoadingPart } from '../../parts/loading-page.tsx';
import { Time } from '../../parts/time.tsx';
import { nameOf } from '../../shell/user-menu.tsx';
import { KnownEntity } from './known-entity.tsx';
import { messages } from './messages.ts';
import { useKnown, useUserInfo } from './queries.ts';

export function ProfileView(): ReactElement {
  const state = useSession();
  const info = useUserInfo();
  // What was said at the sign-in serves while there is nothing newer.
  const owns = info.data ?? (state.kind === 'signed-in' ? state.identity.ownershipEntityRefs : []);
  const refs = state.kind === 'signed-in' ? [state.identity.userEntityRef, ...owns] : [];
  const known = useKnown(refs);
  if (state.kind !== 'signed-in') return <LoadingPart />;
  const { identity, expiresAt } = state;
  const src = picture(identity.picture);
  const groups = owns.filter((ref) => parseRef(ref)?.kind.toLowerCase() === 'group');
  const show = (ref: string): ReactElement => (
    <KnownEntity entityRef={ref} row={known.data?.get(keyOf(ref))} missing={messages.notInCatalog} />
  );
  return (
    <>
      <div className="settings-person">
        <Avatar src={src ?? ''} name={nameOf(identity)} size="large" purpose="decoration" />
        <p className="settings-person-name">
          <bdi>{nameOf(identity)}</bdi>
        </p>
      </div>
      {info.isError && (
        <ErrorPanel title={messages.profileFailed} error={info.error} onRetry={() => void info.refetch()} />
      )}
      <dl className="settings-facts">
        {identity.email !== null && <Fact name={messages.email}>{identity.email}</Fact>}
        <Fact name={messages.user}>
          {show(identity.userEntityRef)} <code>{identity.userEntityRef}</code>
          <CopyButton text={identity.userEntityRef} label={messages.copyUser} />
        </Fact>
        <Fact name={messages.groups}>
          {groups.length === 0 ? messages.noGroups : <List of={groups} show={show} />}
        </Fact>
        <Fact name={messages.owns}>
          <List of={owns} show={(ref) => <code>{ref}</code>} />
        </Fact>
        <Fact name={messages.signedInWith}>{messages.provider(identity.provider)}</Fact>
        <Fact name={messages.session}>
          {messages.renewed} <Time at={expiresAt} />
        </Fact>
      </dl>
    </>
  );
}

function keyOf(text: string): string {
  const ref = parseRef(text);
  return ref === null ? text : stringifyRef(ref);
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface ListProps {
  readonly of: readonly string[];
  readonly show: (ref: string) => ReactElement;
}

function List({ of, show }: ListProps): ReactElement {
  return (
    <ul>
      {of.map((ref) => (
        <li key={ref}>{show(ref)}</li>
      ))}
    </ul>
  );
}
