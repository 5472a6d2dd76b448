/** What the actions of the palette may know and use, from the page that is shown. */
import { parseRef, stringifyRef, type EntityRef } from '@callboard/model';
import { useQueryClient } from '@tanstack/react-query';
import { matchPath, useLocation, useNavigate } from 'react-router-dom';
import { useServices, useSession } from '../../api/services.ts';
import { useStarred } from '../../api/starred.ts';
import { writeClipboard } from '../../parts/clipboard.ts';
import { useShell } from '../shell-context.ts';
import type { ActionContext } from './actions.ts';

export interface ContextOptions {
  readonly showHelp: () => void;
  readonly say: (text: string) => void;
}

export function useActionContext({ showHelp, say }: ContextOptions): ActionContext {
  const { catalog, session } = useServices();
  const { theme } = useShell();
  const starred = useStarred();
  const state = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const entity = entityOfPath(pathname);
  return {
    entity,
    isStarred: entity === null || !starred.isKnown ? null : starred.has(entity),
    isSignedIn: state.kind === 'signed-in',
    shownTheme: theme.shown(),
    themeChoice: theme.choice(),
    chooseTheme: theme.choose,
    toggleStar: starred.toggle,
    refresh: async (ref) => {
      await catalog.refresh(ref);
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(stringifyRef(ref)) });
    },
    goTo: (path) => navigate(path),
    address: window.location.href,
    copy: writeClipboard,
    showHelp,
    signOut: session.signOut,
    say,
  };
}

/** `/catalog/:namespace/:kind/:name/…`; null for any other page. */
function entityOfPath(pathname: string): EntityRef | null {
  const params = matchPath('/catalog/:namespace/:kind/:name/*', pathname)?.params;
  const { kind, namespace, name } = params ?? {};
  if (kind === undefined || namespace === undefined || name === undefined) return null;
  return parseRef(`${kind}:${namespace}/${name}`);
}
