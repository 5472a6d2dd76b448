/** Placeholder that the next commit replaces. */
import type { ReactElement } from 'react';
import { LoadingPage } from '../../parts/loading-page.tsx';

export function SettingsPage(): ReactElement {
  return <LoadingPage />;
}
