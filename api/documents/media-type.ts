/** The kinds of files a case may hold, by what their first bytes must be. */
const SIGNATURES = {
  'application/pdf': Buffer.from('%PDF-'),
  'image/jpeg': Buffer.from([0xff, 0xd8, 0xff]),
  'image/png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
} as const satisfies Record<string, Buffer>;
export type MediaType = keyof typeof SIGNATURES;
export const MEDIA_TYPES = Object.keys(SIGNATURES) as MediaType[];

/** The kind of file these bytes begin, whatever anybody says it is; undefined for everything we do not take. */
export const mediaTypeOf = (head: Buffer): MediaType | undefined =>
  MEDIA_TYPES.find((type) => head.subarray(0, SIGNATURES[type].length).equals(SIGNATURES[type]));
