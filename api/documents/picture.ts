import type { MediaType } from './media-type.ts';

/** Reads bytes of a file: fewer than asked only at its end. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>;

export interface PictureSize {
  /** pixels */
  width: number;
  height: number;
}

/**
 * `[not in the sources]` A sheet of A3 at 600 dpi has 7,016 × 9,921 pixels. We never decode a picture; whoever opens one at a
 * desk does, and a file of some kilobytes may ask for gigabytes there.
 */
export const PICTURE_LIMITS = { side: 20_000, pixels: 150_000_000 } as const;

/**
 * The size a picture's own header states. Undefined where the header is broken or states none: then it is no picture, whatever its
 * first bytes say. PDF has no such header and is not asked.
 */
export async function pictureSize(
  type: Exclude<MediaType, 'application/pdf'>,
  read: ReadAt,
): Promise<PictureSize | undefined> {
  const size = type === 'image/png' ? await sizeOfPng(read) : await sizeOfJpeg(read);
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}

export const isTooLarge = ({ width, height }: PictureSize): boolean =>
  Math.max(width, height) > PICTURE_LIMITS.side || width * height > PICTURE_LIMITS.pixels;

/** ISO/IEC 15948: after the signature (8 bytes) comes IHDR: length 13, name, width, height. */
async function sizeOfPng(read: ReadAt): Promise<PictureSize | undefined> {
  const chunk = await read(8, 16);
  if (chunk.length < 16 || chunk.readUInt32BE(0) !== 13 || chunk.toString('latin1', 4, 8) !== 'IHDR') return undefined;
  return { width: chunk.readUInt32BE(8), height: chunk.readUInt32BE(12) };
}

/** Markers of ITU T.81 that begin a frame: SOF0 to SOF15 without DHT, JPG and DAC. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Start of scan, end of image: no frame may come after these. */
const ENDS = [0xda, 0xd9];
/** A photograph has about twenty segments before its frame, with a large colour profile some more. */
const MOST_SEGMENTS = 500;

async function sizeOfJpeg(read: ReadAt): Promise<PictureSize | undefined> {
  let at = 2;
  for (let segments = 0; segments < MOST_SEGMENTS; segments++) {
    const head = await read(at, 9);
    if (head.length < 4 || head[0] !== 0xff) return undefined;
    const marker = head[1] ?? 0;
    if (marker === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    if (isFrame(marker))
      return head.length < 9 ? undefined : { height: head.readUInt16BE(5), width: head.readUInt16BE(7) };
    const length = head.readUInt16BE(2);
    if (ENDS.includes(marker) || length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}
