/** The buttons over the drawing: larger, smaller, everything. */
import type { ReactElement } from 'react';
import { messages } from './messages.ts';
import { ZOOM } from './viewport.ts';

export interface ZoomButtonsProps {
  readonly onZoom: (factor: number) => void;
  readonly onFit: () => void;
}

export function ZoomButtons({ onZoom, onFit }: ZoomButtonsProps): ReactElement {
  return (
    <div className="graph-zoom">
      <ShapeButton label={messages.zoomIn} shape="M8 3v10M3 8h10" onPress={() => onZoom(ZOOM.step)} />
      <ShapeButton label={messages.zoomOut} shape="M3 8h10" onPress={() => onZoom(1 / ZOOM.step)} />
      <ShapeButton
        label={messages.zoomFit}
        shape="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10"
        onPress={onFit}
      />
    </div>
  );
}

interface ShapeButtonProps {
  readonly label: string;
  readonly shape: string;
  readonly onPress: () => void;
}

function ShapeButton({ label, shape, onPress }: ShapeButtonProps): ReactElement {
  return (
    <button type="button" className="graph-zoom-button" aria-label={label} title={label} onClick={onPress}>
      <svg className="graph-shape" viewBox="0 0 16 16" aria-hidden="true">
        <path d={shape} />
      </svg>
    </button>
  );
}
