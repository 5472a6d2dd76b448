/** Makes the files of an export in the browser, and hands them over as downloads. */
import { createMeasure } from './fit-text.ts';
import { messages } from './messages.ts';
import { fileName, PICTURE_FONTS, pictureScale, toSvg } from './picture.ts';
import { NOTE_FONT, TITLE_FONT, type Scene } from './scene.ts';

/** How long the browser may take to begin a download, in milliseconds. */
const KEPT_FOR_MS = 60_000;

/** Saves the drawing as it is in the present theme; resolves with what to tell the person. */
export async function saveSvg(scene: Scene, name: string): Promise<string> {
  const file = fileName(name, 'svg');
  download(new Blob([drawSvg(scene, name)], { type: 'image/svg+xml' }), file);
  return messages.exported(file);
}

/** The same as a picture of twice the size, or as large as browsers can draw. */
export async function savePng(scene: Scene, name: string): Promise<string> {
  const file = fileName(name, 'png');
  const scale = pictureScale(scene);
  const image = new Image();
  // The Content Security Policy lets pictures come from data addresses, not from blobs.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawSvg(scene, name))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = Math.floor(scene.width * scale);
  canvas.height = Math.floor(scene.height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('the browser made no picture');
  download(blob, file);
  return scale < 2 ? messages.exportSmaller(file, Math.round(scale * 100)) : messages.exported(file);
}

function drawSvg(scene: Scene, name: string): string {
  const styles = getComputedStyle(document.querySelector('.graph') ?? document.documentElement);
  return toSvg(scene, {
    title: messages.titleOf(name),
    colourOf: (property) => styles.getPropertyValue(property).trim() || '#808080',
    measures: {
      title: createMeasure(`${TITLE_FONT.weight} ${TITLE_FONT.size}px ${PICTURE_FONTS}`),
      note: createMeasure(`${NOTE_FONT.weight} ${NOTE_FONT.size}px ${PICTURE_FONTS}`),
    },
  });
}

function download(blob: Blob, file: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_FOR_MS);
}
