/** Saves the drawing as a file. */
import { useState, type ReactElement } from 'react';
import { DropDown } from './drop-down.tsx';
import { messages } from './messages.ts';
import { savePng, saveSvg } from './save-picture.ts';
import type { Scene } from './scene.ts';

export interface ExportMenuProps {
  /** Null until there is something to export. */
  readonly scene: Scene | null;
  readonly name: string;
}

export function ExportMenu({ scene, name }: ExportMenuProps): ReactElement {
  const [said, setSaid] = useState('');
  const [isBusy, setBusy] = useState(false);

  async function save(make: (scene: Scene, name: string) => Promise<string>): Promise<void> {
    if (scene === null) return;
    setBusy(true);
    try {
      setSaid(await make(scene, name));
    } catch {
      // The browser says no more than that it could not; the person is told what else to do.
      setSaid(messages.exportFailed);
    } finally {
      setBusy(false);
    }
  }

  return (
    <DropDown label={messages.export}>
      <div className="graph-exports">
        <button
          type="button"
          className="graph-menu-item"
          disabled={scene === null || isBusy}
          onClick={() => void save(saveSvg)}
        >
          {messages.exportSvg}
        </button>
        <button
          type="button"
          className="graph-menu-item"
          disabled={scene === null || isBusy}
          onClick={() => void save(savePng)}
        >
          {messages.exportPng}
        </button>
        <p className="graph-said" role="status">
          {said}
        </p>
      </div>
    </DropDown>
  );
}
