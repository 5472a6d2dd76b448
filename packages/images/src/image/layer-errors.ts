/** What is wrong with a layer that is refused, in one table: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
export const LAYER_ERRORS = {
  /** A name in a layer begins with a slash. */
  'images/layer-absolute-path': 400,
  /** A name in a layer has a `..` or a control character, or is none; or a whiteout is no empty file. */
  'images/layer-bad-path': 400,
  /** A link of a layer leads above the root, or a hard link to what its layer does not have. */
  'images/layer-link-out': 400,
  /** An entry of a layer lies behind a link or a file. */
  'images/layer-through-link': 400,
  /** A layer has a device that is none of the harmless ones in `/dev`. */
  'images/layer-device': 400,
  /** The layers are larger than they may be once they are unpacked, or grow as only bombs do. */
  'images/layer-too-large': 413,
  /** The layers have more entries than they may have. */
  'images/layer-too-many-entries': 413,
  /** An entry has attributes that the overlay file system would obey. */
  'images/layer-attribute': 400,
  /** The layer is no tar, ends early, or uses a part of the format that layers do not need. */
  'images/layer-broken': 400,
  /** The layer is of a kind that is not known. */
  'images/layer-media-type': 400,
  /** The unpacked layer is not what the configuration of the image says. */
  'images/layer-wrong-content': 400,
} as const satisfies Record<string, ErrorStatus>;

export type LayerErrorCode = keyof typeof LAYER_ERRORS;

export function layerError(code: LayerErrorCode, message: string, options?: ErrorOptions): CodedError {
  return new CodedError(LAYER_ERRORS[code], code, message, options);
}

/** Of an entry: `what` follows its name, as `has a ".." in it`. */
export function refused(code: LayerErrorCode, path: string, what: string): CodedError {
  return layerError(code, `The layer is refused: ${JSON.stringify(path.slice(0, 200))} ${what}.`);
}
