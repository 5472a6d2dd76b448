/** The icons of the pages about tasks, and those that templates name for the links of their output. */
import type { ReactElement } from 'react';
import { CardIcon, ExternalIcon, icon, MailIcon, UserIcon } from '../../parts/icons.tsx';

export const DoneIcon = icon(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="m5.25 8.25 2 2 3.5-4" />
  </>,
);
export const FailedIcon = icon(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="m6 6 4 4M10 6l-4 4" />
  </>,
);
export const OpenIcon = icon(<circle cx="8" cy="8" r="6" strokeDasharray="2.2 2.5" />);
export const RunningIcon = icon(<path d="M8 2a6 6 0 1 1-6 6" />);
export const SkippedIcon = icon(
  <>
    <circle cx="8" cy="8" r="6" />
    <path d="M5.5 8h5" />
  </>,
);
export const FolderIcon = icon(
  <path d="M1.75 4.25v8c0 .55.45 1 1 1h10.5c.55 0 1-.45 1-1V5.75c0-.55-.45-1-1-1H8L6.5 3.25H2.75c-.55 0-1 .45-1 1Z" />,
);
export const FileIcon = icon(<path d="M3.75 1.75h5.5l3 3v9.5h-8.5V1.75ZM9.25 1.75v3h3" />);

const BranchIcon = icon(
  <>
    <circle cx="4.5" cy="3.5" r="1.75" />
    <circle cx="4.5" cy="12.5" r="1.75" />
    <circle cx="11.5" cy="5.5" r="1.75" />
    <path d="M4.5 5.25v5.5M11.5 7.25c0 2.5-3 2.25-5.5 3.5" />
  </>,
);
const DashboardIcon = icon(<path d="M2 13.5h12M3.75 11V8M8 11V3.5M12.25 11V6" />);
const ChatIcon = icon(<path d="M2 3.25h12v8H7l-3 2.5v-2.5H2v-8Z" />);

/** By the names that Backstage has for them. */
const NAMED: ReadonlyMap<string, () => ReactElement> = new Map([
  ['catalog', CardIcon],
  ['kind:component', CardIcon],
  ['kind:system', CardIcon],
  ['kind:api', CardIcon],
  ['kind:template', CardIcon],
  ['user', UserIcon],
  ['group', UserIcon],
  ['email', MailIcon],
  ['github', BranchIcon],
  ['gitlab', BranchIcon],
  ['scm', BranchIcon],
  ['code', BranchIcon],
  ['dashboard', DashboardIcon],
  ['chat', ChatIcon],
  ['docs', FileIcon],
  ['techdocs', FileIcon],
  ['folder', FolderIcon],
]);

/** That of a page elsewhere for a name that is not known. */
export function LinkIcon({ name }: { readonly name: string | null }): ReactElement {
  const Named = NAMED.get(name?.toLowerCase() ?? '') ?? ExternalIcon;
  return <Named />;
}
