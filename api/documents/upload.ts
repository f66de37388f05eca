import multer from 'multer';
import type { Request, Response } from 'express';
import { Refusal } from '../../domain/refusal.ts';
import type { Scan } from './malware.ts';
import { mediaTypeOf, MEDIA_TYPES, namedAs, SIGNATURE_BYTES, type MediaType } from './media-type.ts';
import { isTooLarge, pictureSize, PICTURE_LIMITS } from './picture.ts';
import type { DocumentStore, ReceivedDocument } from './store.ts';

/** One uploaded file, waiting to be kept or discarded. */
export interface UploadedFile {
  received: ReceivedDocument;
  mediaType: MediaType;
  fileName: string;
}

interface Kept {
  received: ReceivedDocument;
}
interface Incoming extends Partial<Kept> {
  mimetype: string;
  originalname: string;
}

/** Reads the one file of a request; see `createUpload`. */
export type ReceiveUpload = (req: Request, res: Response) => Promise<UploadedFile>;

const refused = (zh: string, en: string): Refusal => new Refusal('BAD_REQUEST', [{ path: 'file', zh, en }]);

/**
 * Streams the part `file` of a multipart request into the store while hashing it. Refuses what is too large (BODY_TOO_LARGE), of
 * another kind than it says or of none we take (DOCUMENT_TYPE_REFUSED), a picture of too many pixels (IMAGE_TOO_LARGE), what `scan`
 * finds (DOCUMENT_INFECTED, NOT_AVAILABLE), and anything but exactly one file (BAD_REQUEST). Nothing stays behind of a refused
 * upload, and nothing of a file is decoded or unpacked here.
 */
export function createUpload(store: DocumentStore, maxBytes: number, scan?: Scan): ReceiveUpload {
  const parse = multer<Kept>({
    storage: storageEngine(store),
    // Names come from file systems of all kinds; without this they are read as Latin-1.
    defParamCharset: 'utf8',
    limits: {
      files: 1,
      fields: 0,
      parts: 2,
      fileSize: maxBytes,
      headerPairs: 20,
    },
  }).single('file');

  return async (req, res) => {
    if (!req.is('multipart/form-data')) {
      throw refused('请以 multipart/form-data 上传，字段名为 file', 'send multipart/form-data with a part named file');
    }
    const problem = await new Promise<unknown>((resolve) => void parse(req, res, resolve));
    if (problem !== undefined) throw asRefusal(problem);
    const { file } = req as Request & { file?: Incoming };
    if (!file?.received) throw refused('必填', 'required');
    return recognised(file.received, file, scan);
  };
}

/** The file as what it is; a refusal leaves nothing of it behind. */
async function recognised(
  received: ReceivedDocument,
  { mimetype, originalname }: Incoming,
  scan?: Scan,
): Promise<UploadedFile> {
  try {
    const mediaType = await kindOf(received, mimetype);
    await scan?.(received.content());
    return { received, mediaType, fileName: namedAs(mediaType, cleanName(originalname)) };
  } catch (problem) {
    await received.discard();
    throw problem;
  }
}

async function kindOf(received: ReceivedDocument, declared: string): Promise<MediaType> {
  const mediaType = mediaTypeOf(await received.read(0, SIGNATURE_BYTES));
  // Old scanners and some browsers say image/jpg.
  const said = declared === 'image/jpg' ? 'image/jpeg' : declared;
  if (mediaType === undefined || said !== mediaType) throw typeRefused();
  if (mediaType === 'application/pdf') return mediaType;
  const size = await pictureSize(mediaType, received.read);
  if (!size) throw typeRefused();
  if (!isTooLarge(size)) return mediaType;
  const { side, pixels } = PICTURE_LIMITS;
  const million = pixels / 1_000_000;
  throw new Refusal('IMAGE_TOO_LARGE', [
    {
      path: 'file',
      zh: `边长不超过 ${side} 像素，总计不超过 ${million} 百万像素`,
      en: `at most ${side} pixels a side and ${million} million in all`,
    },
  ]);
}

const typeRefused = (): Refusal =>
  new Refusal('DOCUMENT_TYPE_REFUSED', [
    {
      path: 'file',
      zh: `声明的类型须与内容一致，可接受：${MEDIA_TYPES.join('、')}`,
      en: `declared type and content must agree and be one of ${MEDIA_TYPES.join(', ')}`,
    },
  ]);

/** Only the last part of a path, without what cannot be printed; never used as a name on our disk. */
function cleanName(name: string): string {
  const last = (name.split(/[/\\]/).at(-1) ?? '').toWellFormed().normalize('NFC');
  // eslint-disable-next-line no-control-regex
  const printable = last.replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '').trim();
  // On Windows, `a:b` is a stream hidden in a file `a`, and the others cannot be in a name at all.
  const storable = printable.replace(/[<>:"|?*]/g, '_');
  return [...storable].slice(0, 120).join('') || 'document';
}

function storageEngine(store: DocumentStore): multer.StorageEngine<Kept> {
  return {
    _handleFile(_req, file, done) {
      store.receive(file.stream).then((received) => done(null, { received }), done);
    },
    _removeFile(_req, file, done) {
      (file.received?.discard() ?? Promise.resolve()).then(() => done(null), done);
    },
  };
}

function asRefusal(problem: unknown): Error {
  if (problem instanceof multer.MulterError) {
    if (problem.code === 'LIMIT_FILE_SIZE') return new Refusal('BODY_TOO_LARGE');
    return refused('只能上传一个名为 file 的文件', 'send exactly one part, named file');
  }
  // What the parser says about a broken multipart body is a mistake of the sender, not ours.
  if (
    problem instanceof Error &&
    /multipart|boundary|Unexpected end of form|Malformed|Request (aborted|closed)/i.test(problem.message)
  ) {
    return refused('multipart 内容不完整或格式错误', 'the multipart body is broken');
  }
  return problem instanceof Error ? problem : new Error(String(problem));
}
