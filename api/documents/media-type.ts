/** The kinds of files a case may hold, by what their first bytes must be. */
const SIGNATURES = {
  'application/pdf': Buffer.from('%PDF-'),
  'image/jpeg': Buffer.from([0xff, 0xd8, 0xff]),
  'image/png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
} as const satisfies Record<string, Buffer>;
export type MediaType = keyof typeof SIGNATURES;
/** Enough of a file to know its kind. */
export const SIGNATURE_BYTES = 16;

export const MEDIA_TYPES = Object.keys(SIGNATURES) as MediaType[];

/** The kind of file these bytes begin, whatever anybody says it is; undefined for everything we do not take. */
export const mediaTypeOf = (head: Buffer): MediaType | undefined =>
  MEDIA_TYPES.find((type) => head.subarray(0, SIGNATURES[type].length).equals(SIGNATURES[type]));

/** What a file of each kind is called; the first is put behind a name that says something else. */
const EXTENSIONS = {
  'application/pdf': ['.pdf'],
  'image/jpeg': ['.jpg', '.jpeg'],
  'image/png': ['.png'],
} as const satisfies Record<MediaType, readonly string[]>;

/** A page that calls itself a picture must not be opened as a page by whoever saved it: `a.html` becomes `a.html.png`. */
export const namedAs = (type: MediaType, name: string): string =>
  EXTENSIONS[type].some((extension) => name.toLowerCase().endsWith(extension)) ? name : `${name}${EXTENSIONS[type][0]}`;
