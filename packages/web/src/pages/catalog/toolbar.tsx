/** The buttons beside the title: saved views, columns, export. */
import { memo, type ReactElement } from 'react';
import { DownloadIcon } from '../../parts/icons.tsx';
import { ColumnsIcon, ViewsIcon } from './icons.tsx';
import { loadColumns, loadViews } from './late-parts.ts';
import { Late } from './late.tsx';
import { messages } from './messages.ts';
import { Popover } from './popover.tsx';
import type { CatalogState } from './url-state.ts';
import type { ColumnChoice } from './use-columns.ts';

export interface ToolbarProps {
  readonly state: CatalogState;
  readonly columns: ColumnChoice;
  readonly canExport: boolean;
  readonly onExport: () => void;
}

export const Toolbar = memo(function Toolbar(props: ToolbarProps): ReactElement {
  const { state, columns, canExport, onExport } = props;
  return (
    <div className="catalog-buttons">
      <Popover label={messages.views} icon={<ViewsIcon />}>
        {(close) => (
          <Late load={loadViews}>{({ ViewsMenu }) => <ViewsMenu state={state} onClose={close} />}</Late>
        )}
      </Popover>
      <Popover label={messages.columns} icon={<ColumnsIcon />}>
        {() => <Late load={loadColumns}>{({ ColumnsMenu }) => <ColumnsMenu choice={columns} />}</Late>}
      </Popover>
      <button
        type="button"
        className="catalog-button"
        aria-label={messages.exportTitle}
        title={messages.exportTitle}
        disabled={!canExport}
        onClick={onExport}
      >
        <DownloadIcon />
        <span className="catalog-button-text">{messages.exportTitle}</span>
      </button>
    </div>
  );
});
